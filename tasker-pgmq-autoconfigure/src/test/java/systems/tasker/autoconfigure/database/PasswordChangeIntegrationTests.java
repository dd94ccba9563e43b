/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@code docs/operations/database-configuration.md} says about a new
 * password.
 */
@Tag("any-postgres")
class PasswordChangeIntegrationTests {

	private TestDatabase database;

	/** The role is dropped from here. */
	private TestDatabase other;

	private JdbcTemplate administrator;

	@BeforeEach
	void createSecondRole() {
		this.database = TaskerPostgres.shared().createEmptyDatabase();
		this.other = TaskerPostgres.shared().createEmptyDatabase();
		this.administrator = new JdbcTemplate(this.other.superuserDataSource());
		this.administrator.execute("create role app_b login password 'before'");
		this.administrator.execute("grant %s to app_b".formatted(this.database.username()));
		this.administrator.execute("alter role app_b set role = %s".formatted(this.database.username()));
	}

	@AfterEach
	void dropDatabaseAndRole() {
		this.database.close();
		new JdbcTemplate(this.other.superuserDataSource()).execute("drop role app_b");
		this.other.close();
	}

	@Test
	void secondRoleWorksAsTheFirst() {
		try (ConfigurableApplicationContext application = run("before")) {
			application.getBean(MessagingService.class).sendMessage("orders", 1);
			assertThat(new JdbcTemplate(this.database.dataSource()).queryForList("""
					select distinct pg_get_userbyid(nspowner) from pg_namespace
					where nspname in ('tasker', 'tasker_pgmq')
					union select tableowner from pg_tables where tablename = 'q_orders'""", String.class))
				.isEqualTo(List.of(this.database.username()));
		}
	}

	@Test
	void newConnectionsFailAndCountAsOutage() throws SQLException {
		// A pool that fills itself may have logged in before the change, and offer that
		// later.
		try (ConfigurableApplicationContext application = run("before", "tasker.database.pool.min-connections=0",
				"tasker.database.pool.max-connections=1", "tasker.database.pool.acquire-timeout=1s")) {
			DataSource dataSource = application.getBean(DataSource.class);
			this.administrator.execute("alter role app_b password 'after'");
			dataSource.getConnection().close();
			HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
			pool.getHikariPoolMXBean().softEvictConnections();
			for (int call = 1; call <= 5; call++) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(dataSource::getConnection)
					.havingRootCause()
					.withMessageContaining("app_b")
					.withMessageNotContaining("before");
			}
			assertThatExceptionOfType(Exception.class).isThrownBy(dataSource::getConnection)
				.withMessageContaining("circuit breaker");
		}
	}

	private ConfigurableApplicationContext run(String password, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("DATABASE_URL=" + this.database.url().replaceFirst("//[^@]*@", "//app_b:" + password + "@"));
		all.add("tasker.messaging.queues=orders");
		return TestApplication.run(all.toArray(String[]::new));
	}

}
