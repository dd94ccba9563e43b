/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.PoolFigures;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the circuit breaker before a pool that the application knows by its class.
 */
class GuardedPoolIntegrationTests {

	private TestDatabase database;

	@BeforeEach
	void createDatabase() {
		this.database = TaskerPostgres.shared().createDatabase();
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void thePoolOfTheApplicationCanBeInjectedByItsClassAndIsGuarded() throws SQLException {
		HikariDataSource real;
		try (ConfigurableApplicationContext context = run()) {
			HikariDataSource pool = context.getBean(PoolUser.class).pool();
			breaker(context).reset();
			pool.getConnection().close();
			assertThat(breaker(context).getMetrics().getNumberOfSuccessfulCalls()).isOne();
			breaker(context).transitionToForcedOpenState();
			assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(pool::getConnection);
			real = DataSourceUnwrapper.unwrap(GuardedDataSource.unguarded(pool), HikariDataSource.class);
			assertThat(real.isRunning()).isTrue();
			real.getConnection().close();
		}
		assertThat(real.isClosed()).isTrue();
	}

	@Test
	void aMessageJoinsATransactionOfTheGuardedPool() {
		try (ConfigurableApplicationContext context = run()) {
			MessagingService messaging = context.getBean(MessagingService.class);
			messaging.ensureQueue("orders");
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			jdbc.sql("create table notes (note text)").update();
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					jdbc.sql("insert into notes values ('x')").update();
					messaging.sendMessage("orders", "x");
					status.setRollbackOnly();
				});
			assertThat(messaging.queueStats("orders").length()).hasValue(0);
			assertThat(jdbc.sql("select count(*) from notes").query(Integer.class).single()).isZero();
		}
	}

	@Test
	void metricsAndHealthFindThePool() throws SQLException {
		try (ConfigurableApplicationContext context = run()) {
			HikariDataSource pool = context.getBean(HikariDataSource.class);
			pool.getConnection().close();
			assertThat(PoolFigures.of(pool)).hasValueSatisfying((figures) -> assertThat(figures.max()).isEqualTo(7));
			assertThat(DataSourceUnwrapper.unwrap(pool, HikariDataSource.class)).isNotNull()
				.satisfies((unwrapped) -> assertThat(unwrapped.getMaximumPoolSize()).isEqualTo(7));
			assertThat(PoolFigures.of(GuardedDataSource.unguarded(pool))).isPresent();
			assertThat(pool.getMetricsTrackerFactory()).as("set by Boot on the real pool").isNotNull();
		}
	}

	private ConfigurableApplicationContext run() {
		return TestApplication.run(OwnPool.class, WebApplicationType.NONE,
				"spring.datasource.url=" + this.database.jdbcUrl(),
				"spring.datasource.username=" + this.database.username(),
				"spring.datasource.password=" + this.database.password());
	}

	private static CircuitBreaker breaker(ConfigurableApplicationContext context) {
		return context.getBean(CircuitBreakerRegistry.class).circuitBreaker("tasker");
	}

	/**
	 * An application with a pool of its own, and a bean that wants its class.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class OwnPool {

		@Bean
		HikariDataSource pool(DataSourceProperties properties) {
			HikariDataSource pool = properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
			pool.setMaximumPoolSize(7);
			return pool;
		}

		@Bean
		PoolUser poolUser(HikariDataSource pool) {
			return new PoolUser(pool);
		}

	}

	/**
	 * Needs the class of the pool, as a component that watches it does.
	 *
	 * @param pool the pool
	 */
	record PoolUser(HikariDataSource pool) {

	}

}
