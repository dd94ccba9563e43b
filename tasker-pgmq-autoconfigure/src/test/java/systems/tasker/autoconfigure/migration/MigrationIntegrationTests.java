/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.MigrationMode;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.DocumentedRights;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the two Flyway runs.
 */
class MigrationIntegrationTests {

	@Test
	void instancesThatStartTogetherMigrateOnce() throws Exception {
		int instances = 4;
		ExecutorService executor = Executors.newFixedThreadPool(instances);
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			CyclicBarrier together = new CyclicBarrier(instances);
			// Not whole applications: those would race for the logging system of the JVM.
			ApplicationContextRunner instance = new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class,
						TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class,
						TaskerMessagingAutoConfiguration.class))
				.withPropertyValues("tasker.database.url=" + database.url(), "tasker.messaging.queues=a,b",
						"tasker.database.pool.min-connections=0");
			Callable<Boolean> start = () -> {
				together.await();
				AtomicBoolean started = new AtomicBoolean();
				instance.run((context) -> started.set(context.getStartupFailure() == null));
				return started.get();
			};
			for (Future<Boolean> started : executor.invokeAll(Collections.nCopies(instances, start))) {
				assertThat(started.get()).isTrue();
			}
			for (MigrationSet set : MigrationSet.values()) {
				assertThat(history(database, set)).isNotEmpty().doesNotHaveDuplicates();
			}
			assertThat(JdbcClient.create(database.dataSource())
				.sql("select queue_name from pgmq.meta order by 1")
				.query(String.class)
				.list()).containsExactly("a", "b");
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void aSecondStartChangesNothing() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			TestApplication.run("DATABASE_URL=" + database.url()).close();
			List<List<String>> before = histories(database);
			TestApplication.run("DATABASE_URL=" + database.url()).close();
			assertThat(histories(database)).isEqualTo(before);
			TestApplication
				.run("DATABASE_URL=" + database.url(), "tasker.database.migration=validate",
						"tasker.pgmq-database.migration=validate")
				.close();
			assertThat(histories(database)).isEqualTo(before);
		}
	}

	@Test
	void theSmallestPoolIsEnough() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			TestApplication
				.run("DATABASE_URL=" + database.url(), "tasker.database.pool.max-connections=1",
						"tasker.database.pool.min-connections=1", "tasker.messaging.queues=orders")
				.close();
			assertThat(histories(database)).doesNotContain(List.of());
		}
	}

	@Test
	void aRoleWhoseIdleTransactionsEndSoonCanMigrate() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			JdbcClient.create(database.superuserDataSource())
				.sql("alter database %s set idle_in_transaction_session_timeout = '40ms'".formatted(database.name()))
				.update();
			TestApplication.run("DATABASE_URL=" + database.url()).close();
			assertThat(histories(database)).doesNotContain(List.of());
		}
	}

	@ParameterizedTest
	@EnumSource
	void aRoleWithTheDocumentedRightsCanStart(MigrationMode migration) {
		try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
			JdbcClient administrator = JdbcClient.create(database.superuserDataSource());
			administrator.sql("select pgmq.create('orders')").query().singleRow();
			administrator.sql("create role service login password 'hunter2'").update();
			administrator.sql(DocumentedRights.of("service")).update();
			List<List<String>> before = histories(database);
			try (ConfigurableApplicationContext context = TestApplication.run(
					"DATABASE_URL=" + database.url().replaceFirst("//[^@]*@", "//service:hunter2@"),
					"tasker.database.migration=" + migration, "tasker.pgmq-database.migration=" + migration,
					"tasker.messaging.queues=orders")) {
				assertThat(context.getBean(MessagingService.class).sendMessage("orders", 1).value()).isOne();
			}
			finally {
				administrator.sql("drop owned by service").update();
				administrator.sql("drop role service").update();
			}
			assertThat(histories(database)).isEqualTo(before);
		}
	}

	@Test
	void noneLeavesTheDatabaseAlone() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + database.url(),
						"tasker.database.skip-migration-check=true", "tasker.pgmq-database.migration=none")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(JdbcClient.create(database.dataSource())
				.sql("select count(*) from pg_namespace where nspname in ('tasker', 'tasker_pgmq', 'pgmq')")
				.query(Long.class)
				.single()).isZero();
		}
	}

	@Test
	void pgmqIsInstalledAsSqlWhereThereIsNoExtension() {
		try (TaskerPostgres server = TaskerPostgres.builder().withoutPgmq().start();
				TestDatabase database = server.createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + database.url(),
						"tasker.messaging.queues=orders")) {
			assertThat(context.isRunning()).isTrue();
			JdbcClient jdbc = JdbcClient.create(database.dataSource());
			assertThat(jdbc.sql("select count(*) from pg_extension where extname = 'pgmq'").query(Long.class).single())
				.isZero();
			assertThat(jdbc.sql("select queue_name from pgmq.meta").query(String.class).list())
				.containsExactly("orders");
		}
	}

	private static List<List<String>> histories(TestDatabase database) {
		List<List<String>> histories = new ArrayList<>();
		for (MigrationSet set : MigrationSet.values()) {
			histories.add(history(database, set));
		}
		return histories;
	}

	private static List<String> history(TestDatabase database, MigrationSet set) {
		return JdbcClient.create(database.dataSource())
			.sql("select script from %s.%s where type = 'SQL' order by installed_rank".formatted(set.schema(),
					set.historyTable()))
			.query(String.class)
			.list();
	}

}
