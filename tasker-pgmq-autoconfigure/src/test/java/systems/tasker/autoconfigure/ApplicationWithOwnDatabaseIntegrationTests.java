/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application that brings a database, JPA and Flyway migrations of its own.
 */
class ApplicationWithOwnDatabaseIntegrationTests {

	@Test
	void itsBeansUseItsOwnDatabaseAndOursUseOurs() {
		try (TestDatabase own = TaskerPostgres.shared().createEmptyDatabase();
				TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				TestDatabase queues = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = run("spring.datasource.url=" + own.jdbcUrl(),
						"spring.datasource.username=" + own.username(), "spring.datasource.password=" + own.password(),
						"DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + queues.url(),
						"tasker.messaging.queues=orders")) {
			assertThat(schemas(own)).doesNotContain("tasker", "tasker_pgmq", "pgmq");
			assertThat(schemas(tasker)).contains("tasker").doesNotContain("tasker_pgmq", "pgmq");
			assertThat(schemas(queues)).contains("tasker_pgmq", "pgmq").doesNotContain("tasker");
			assertThat(JdbcClient.create(own.dataSource())
				.sql("select script from public.flyway_schema_history")
				.query(String.class)
				.list()).containsExactly("V1__books.sql");
			assertThat(context.getBeansOfType(Flyway.class)).hasSize(1);
			assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(JpaTransactionManager.class);
			saveBook(context);
			assertThat(JdbcClient.create(own.dataSource()).sql("select title from books").query(String.class).list())
				.containsExactly("Emma");
			assertThat(context.getBean(MessagingService.class).sendMessage("orders", "x").value()).isOne();
		}
	}

	@Test
	void itsDatabaseCanBeTheTaskerDatabaseAndAMessageJoinsItsJpaTransaction() {
		try (TestDatabase own = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = run("spring.datasource.url=" + own.jdbcUrl(),
						"spring.datasource.username=" + own.username(), "spring.datasource.password=" + own.password(),
						"tasker.messaging.queues=orders")) {
			assertThat(schemas(own)).contains("tasker", "tasker_pgmq", "pgmq");
			MessagingService messaging = context.getBean(MessagingService.class);
			EntityManager entityManager = context.getBean(EntityManager.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean("taskerTransactionManager", PlatformTransactionManager.class));
			assertThat(transaction.getTransactionManager()).isInstanceOf(JpaTransactionManager.class);
			transaction.executeWithoutResult((status) -> {
				entityManager.persist(new Book("Persuasion"));
				messaging.sendMessage("orders", "rolled back");
				status.setRollbackOnly();
			});
			assertThat(messaging.queueStats("orders").length()).hasValue(0);
			transaction.executeWithoutResult((status) -> {
				entityManager.persist(new Book("Emma"));
				messaging.sendMessage("orders", "committed");
				assertThat(messaging.receiveMessages("orders", String.class, 10, java.time.Duration.ofSeconds(1)))
					.as("not committed yet, and a receive has a transaction of its own")
					.isEmpty();
			});
			assertThat(messaging.queueStats("orders").length()).hasValue(1);
			assertThat(context.getBean(JdbcClient.class).sql("select title from books").query(String.class).list())
				.containsExactly("Emma");
		}
	}

	@Test
	void withoutADatabaseOfItsOwnJpaWaitsForTheTaskerMigration() {
		try (TestDatabase tasker = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = run("DATABASE_URL=" + tasker.url())) {
			String factory = context.getBeanNamesForType(EntityManagerFactory.class)[0];
			assertThat(context.getBeanFactory().getDependenciesForBean(factory)).isNotNull();
			assertThat(context.getBeanFactory().getBeanDefinition(factory).getDependsOn()).contains("taskerMigration")
				.doesNotContain("pgmqMigration");
			saveBook(context);
			assertThat(context.getBean(DataSource.class)).isSameAs(context.getBean("taskerDataSource"));
		}
	}

	private static void saveBook(ConfigurableApplicationContext context) {
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> context.getBean(EntityManager.class).persist(new Book("Emma")));
	}

	private static List<String> schemas(TestDatabase database) {
		return JdbcClient.create(database.dataSource())
			.sql("select nspname from pg_namespace")
			.query(String.class)
			.list();
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return TestApplication.run(Bookshop.class, WebApplicationType.NONE, properties);
	}

	/**
	 * An application that knows nothing of us.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Book.class)
	static class Bookshop {

	}

	/**
	 * Its entity.
	 */
	@Entity
	@Table(name = "books")
	static class Book {

		@Id
		private String title;

		protected Book() {
		}

		Book(String title) {
			this.title = title;
		}

	}

}
