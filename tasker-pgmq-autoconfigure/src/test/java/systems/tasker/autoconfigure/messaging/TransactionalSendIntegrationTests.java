/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.LocalDateTime;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messages.TaskRequest;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.StepTemplate;
import systems.tasker.workflow.TaskTemplate;
import systems.tasker.workflow.TaskerDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * In single mode a task and a message are committed together or not at all, by a method
 * that is {@code @Transactional} and nothing else, with JDBC as with JPA.
 */
class TransactionalSendIntegrationTests {

	@ParameterizedTest
	@ValueSource(classes = { JdbcApplication.class, JpaApplication.class })
	void taskAndMessageAreCommittedTogetherOrNotAtAll(Class<?> application) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(application, WebApplicationType.NONE,
						"DATABASE_URL=" + database.url(), "tasker.messaging.queues=orders")) {
			context.getBean(TaskerDatabase.class)
				.templates()
				.save(TaskTemplate.of("shop", "order", "1", StepTemplate.of("pay")));
			Orders orders = context.getBean(Orders.class);
			JdbcClient committed = JdbcClient.create(database.dataSource());

			assertThatIllegalStateException().isThrownBy(() -> orders.place("alice", () -> {
				assertSeen(committed, 0);
				throw new IllegalStateException("out of stock");
			})).withMessage("out of stock");
			assertSeen(committed, 0);

			orders.place("bob", () -> assertSeen(committed, 0));
			assertSeen(committed, 1);
			assertThat(committed.sql("select initiator from tasker.tasks").query(String.class).single())
				.isEqualTo("bob");
			assertThat(committed.sql("select message #>> '{}' from pgmq.q_orders").query(String.class).single())
				.isEqualTo("bob");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { JdbcApplication.class, JpaApplication.class })
	void eachVariantHasTheTransactionManagerItIsAbout(Class<?> application) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(application, WebApplicationType.NONE,
						"DATABASE_URL=" + database.url())) {
			assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(
					(application == JpaApplication.class) ? JpaTransactionManager.class : JdbcTransactionManager.class);
		}
	}

	private static void assertSeen(JdbcClient committed, int count) {
		assertThat(committed.sql("select count(*) from tasker.tasks").query(Integer.class).single()).isEqualTo(count);
		assertThat(committed.sql("select count(*) from pgmq.q_orders").query(Integer.class).single()).isEqualTo(count);
	}

	/**
	 * A service of the application.
	 */
	interface Orders {

		/**
		 * Write a task and send a message, both for a customer.
		 * @param customer the customer
		 * @param last the last thing to do in the transaction
		 */
		void place(String customer, Runnable last);

	}

	/**
	 * An application with JDBC.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
	@Import(JdbcOrders.class)
	static class JdbcApplication {

	}

	/**
	 * Uses the facade of Tasker, and that JDBC.
	 */
	static class JdbcOrders implements Orders {

		private final TaskerDatabase tasker;

		private final MessagingService messaging;

		JdbcOrders(TaskerDatabase tasker, MessagingService messaging) {
			this.tasker = tasker;
			this.messaging = messaging;
		}

		@Override
		@Transactional
		public void place(String customer, Runnable last) {
			this.tasker.tasks()
				.create(TaskRequest.builder("order", "shop", "1")
					.initiator(customer)
					.sourceSystem("shop")
					.reason("test")
					.build());
			this.messaging.sendMessage("orders", customer);
			last.run();
		}

	}

	/**
	 * An application with JPA.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration(exclude = FlywayAutoConfiguration.class)
	@EntityScan(basePackageClasses = Task.class)
	@Import(JpaOrders.class)
	static class JpaApplication {

	}

	/**
	 * Maps the table of Tasker.
	 */
	static class JpaOrders implements Orders {

		private final EntityManager entityManager;

		private final JdbcClient jdbc;

		private final MessagingService messaging;

		JpaOrders(EntityManager entityManager, JdbcClient jdbc, MessagingService messaging) {
			this.entityManager = entityManager;
			this.jdbc = jdbc;
			this.messaging = messaging;
		}

		@Override
		@Transactional
		public void place(String customer, Runnable last) {
			UUID template = this.jdbc.sql("select named_task_uuid from tasker.named_tasks").query(UUID.class).single();
			this.entityManager.persist(new Task(template, customer));
			this.entityManager.flush();
			this.messaging.sendMessage("orders", customer);
			last.run();
		}

	}

	/**
	 * A task, with the columns that must be there.
	 */
	@Entity
	@Table(schema = "tasker", name = "tasks")
	static class Task {

		@Id
		@Column(name = "task_uuid")
		private UUID id = UUID.randomUUID();

		@Column(name = "named_task_uuid")
		private UUID template;

		private String initiator;

		@Column(name = "identity_hash")
		private String identityHash = this.id.toString();

		@Column(name = "correlation_id")
		private UUID correlationId = this.id;

		@Column(name = "requested_at")
		private LocalDateTime requestedAt = LocalDateTime.now();

		@Column(name = "created_at")
		private LocalDateTime createdAt = this.requestedAt;

		@Column(name = "updated_at")
		private LocalDateTime updatedAt = this.requestedAt;

		protected Task() {
		}

		Task(UUID template, String initiator) {
			this.template = template;
			this.initiator = initiator;
		}

	}

}
