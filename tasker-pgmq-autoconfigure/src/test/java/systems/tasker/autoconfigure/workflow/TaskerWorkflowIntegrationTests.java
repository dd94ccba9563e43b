/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.autoconfigure.database.TaskerDataSourceAutoConfiguration;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.TaskRequest;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.RetryBackoff;
import systems.tasker.workflow.StepReadiness;
import systems.tasker.workflow.StepTemplate;
import systems.tasker.workflow.TaskTemplate;
import systems.tasker.workflow.TaskerDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class TaskerWorkflowIntegrationTests {

	private static final TaskTemplate TEMPLATE = TaskTemplate.of("ns", "work", "1", StepTemplate.of("a"));

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(TaskerDataSourceAutoConfiguration.class, TaskerDatabaseAutoConfiguration.class,
					TaskerMigrationAutoConfiguration.class, TaskerWorkflowAutoConfiguration.class));

	@Test
	void beanIsThereOnceTheDatabaseIsMigrated() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(Saving.class, WebApplicationType.NONE,
						"DATABASE_URL=" + database.url())) {
			assertThat(context.getBean(TaskerDatabase.class).templates().find("ns", "work", "1")).contains(TEMPLATE);
		}
	}

	@Test
	void taskJoinsTheTransactionOfTheApplication() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(Saving.class, WebApplicationType.NONE,
						"DATABASE_URL=" + database.url())) {
			TaskerDatabase tasker = context.getBean(TaskerDatabase.class);
			UUID task = new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).execute((status) -> {
				status.setRollbackOnly();
				return tasker.tasks().create(request());
			});
			assertThat(tasker.steps().readiness(task)).isEmpty();
			assertThat(tasker.tasks().create(request())).isNotEqualTo(task);
		}
	}

	@Test
	void backoffOfTheApplicationIsUsed() {
		withDatabase((runner) -> runner
			.withBean(RetryBackoff.class,
					() -> new RetryBackoff(Duration.ofSeconds(7), 1, Duration.ofHours(1), 0, () -> 0))
			.run((context) -> {
				TaskerDatabase tasker = context.getBean(TaskerDatabase.class);
				tasker.templates().save(TEMPLATE);
				UUID step = tasker.steps().enqueueReady(tasker.tasks().create(request())).get(0).stepUuid();
				UUID task = tasker.work().claim(step, UUID.randomUUID()).orElseThrow().taskUuid();
				tasker.work()
					.report(StepExecutionResult.failed(step, StepExecutionError.of("x", true),
							StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH, true)), 1, UUID.randomUUID());
				tasker.steps().settle(step);
				assertThat(tasker.steps().readiness(task)).singleElement()
					.extracting(StepReadiness::backoffSeconds)
					.isEqualTo(7);
			}));
	}

	@Test
	void beanOfTheApplicationTakesItsPlace() {
		withDatabase((runner) -> runner
			.withBean("own", TaskerDatabase.class, () -> new TaskerDatabase(new PGSimpleDataSource()))
			.run((context) -> assertThat(context.getBean(TaskerDatabase.class)).isSameAs(context.getBean("own"))));
	}

	private void withDatabase(Consumer<ApplicationContextRunner> test) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			test.accept(this.contextRunner.withPropertyValues("tasker.database.url=" + database.url(),
					"tasker.database.pool.min-connections=0", "tasker.pgmq-database.enabled=false"));
		}
	}

	private static TaskRequest request() {
		return TaskRequest.builder("work", "ns", "1").initiator("alice").sourceSystem("shop").reason("test").build();
	}

	/**
	 * Uses the database before the application has started.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration(exclude = FlywayAutoConfiguration.class,
			excludeName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
	static class Saving {

		@Bean
		UUID savedTemplate(TaskerDatabase tasker) {
			return tasker.templates().save(TEMPLATE);
		}

	}

}
