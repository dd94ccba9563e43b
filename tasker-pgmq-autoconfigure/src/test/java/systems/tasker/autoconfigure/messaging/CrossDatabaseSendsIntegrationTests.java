/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskerMessages;
import systems.tasker.messaging.CrossDatabaseSendException;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.SendOptions;
import systems.tasker.messaging.support.CrossDatabaseSends;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for sends inside a transaction on the Tasker database.
 */
@ExtendWith(OutputCaptureExtension.class)
class CrossDatabaseSendsIntegrationTests {

	private static final String WARNING = "inside a transaction on the Tasker database";

	private static final String FAIL = "tasker.messaging.cross-database=fail";

	@AutoClose
	private final TestDatabase tasker = TaskerPostgres.shared().createDatabase();

	@AutoClose
	private final TestDatabase queues = TaskerPostgres.shared().createDatabase();

	@BeforeEach
	void createTable() {
		JdbcClient.create(this.tasker.dataSource()).sql("create table public.books (title text primary key)").update();
	}

	@Test
	void eachPlaceInTheCodeIsWarnedOfOnce(CapturedOutput output) {
		try (ConfigurableApplicationContext context = split(Shop.class)) {
			Orders orders = context.getBean(Orders.class);
			orders.place(1);
			orders.place(2);
			assertThat(output).containsOnlyOnce(WARNING)
				.contains("\"orders\" was sent at " + Orders.class.getName()
						+ ".place(CrossDatabaseSendsIntegrationTests.java:")
				.contains("tasker.messaging.cross-database=fail");
			orders.placeAll(List.of(3, 4));
			assertThat(output.getOut().split(WARNING, -1)).hasSize(3);
			assertThat(output).contains(Orders.class.getName() + ".placeAll(");
			assertThat(length(context)).isEqualTo(4);
		}
	}

	@Test
	void theCallerOfTheTypedFacadeIsNamed() {
		try (ConfigurableApplicationContext context = split(Shop.class, FAIL)) {
			assertThatExceptionOfType(CrossDatabaseSendException.class)
				.isThrownBy(() -> context.getBean(Orders.class).sendStep())
				.withMessageContaining(Orders.class.getName() + ".sendStep(");
		}
	}

	@Test
	void failRefusesTheMessageAndSaysWhatToDo() {
		try (ConfigurableApplicationContext context = split(Shop.class, FAIL)) {
			Orders orders = context.getBean(Orders.class);
			assertThatExceptionOfType(CrossDatabaseSendException.class).isThrownBy(() -> orders.place(1))
				.withMessageContainingAll("\"orders\"", Orders.class.getName() + ".place(CrossDatabaseSends", "after",
						"tasker.messaging.cross-database=warn")
				.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse())
				.satisfies((ex) -> assertThat(ex.queue()).isEqualTo("orders"));
			assertThatExceptionOfType(CrossDatabaseSendException.class)
				.isThrownBy(() -> orders.placeAll(List.of(1, 2)));
			assertThat(length(context)).isZero();
		}
	}

	@Test
	void whatIsNotSentIsOfNoInterest() {
		try (ConfigurableApplicationContext context = split(Shop.class, FAIL)) {
			MessagingService messaging = context.getBean(MessagingService.class);
			transaction(context, "taskerTransactionManager").executeWithoutResult((status) -> {
				assertThat(messaging.sendBatch("orders", List.of())).isEmpty();
				assertThatExceptionOfType(MessageSerializationException.class)
					.isThrownBy(() -> messaging.sendMessage("orders", null));
				assertThatExceptionOfType(MessageSerializationException.class)
					.isThrownBy(() -> messaging.sendBatch("orders", Arrays.asList(1, null)));
				assertThatExceptionOfType(MessageSerializationException.class)
					.isThrownBy(() -> messaging.sendMessage("orders", 1, SendOptions.none().withHeader("h", "\0")));
				SendOptions late = SendOptions.none().withDelay(Duration.ofDays(100_000));
				assertThatExceptionOfType(IllegalArgumentException.class)
					.isThrownBy(() -> messaging.sendMessage("orders", 1, late));
				assertThatExceptionOfType(CrossDatabaseSendException.class).as("what is sent")
					.isThrownBy(() -> messaging.sendMessage("orders", 1));
			});
		}
	}

	@Test
	void transactionsOfJpaAreNoticed() {
		try (ConfigurableApplicationContext context = TestApplication.run(Bookshop.class, WebApplicationType.NONE,
				"spring.datasource.url=" + this.tasker.jdbcUrl(),
				"spring.datasource.username=" + this.tasker.username(),
				"spring.datasource.password=" + this.tasker.password(), "spring.flyway.enabled=false",
				"PGMQ_DATABASE_URL=" + this.queues.url(), "tasker.messaging.queues=orders", FAIL)) {
			assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(JpaTransactionManager.class);
			MessagingService messaging = context.getBean(MessagingService.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			assertThatExceptionOfType(CrossDatabaseSendException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					context.getBean(EntityManager.class).persist(new Book("Emma"));
					messaging.sendMessage("orders", 1);
				}));
			transaction.setReadOnly(true);
			transaction.executeWithoutResult((status) -> messaging.sendMessage("orders", 1));
			assertThat(length(context)).isOne();
			assertThat(JdbcClient.create(this.tasker.dataSource())
				.sql("select count(*) from public.books")
				.query(Long.class)
				.single()).isZero();
		}
	}

	@Test
	void whatDoesNotWriteToTheTaskerDatabaseIsOfNoInterest() {
		try (ConfigurableApplicationContext context = split(Shop.class, FAIL)) {
			MessagingService messaging = context.getBean(MessagingService.class);
			JdbcClient jdbc = context.getBean("taskerJdbcClient", JdbcClient.class);
			messaging.sendMessage("orders", "outside of a transaction");
			transaction(context, "pgmqTransactionManager").executeWithoutResult((status) -> {
				jdbc.sql("select 1").query().singleRow();
				messaging.sendMessage("orders", "in a transaction on the PGMQ database");
			});
			TransactionTemplate reading = transaction(context, "taskerTransactionManager");
			reading.setReadOnly(true);
			reading.executeWithoutResult((status) -> {
				jdbc.sql("select 1").query().singleRow();
				messaging.sendMessage("orders", "in a transaction that reads");
			});
			transaction(context, "taskerTransactionManager").executeWithoutResult(
					(status) -> assertThat(messaging.queueStats("orders").length()).as("no send").hasValue(3));
		}
	}

	@Test
	void thereIsNothingToSayInSingleMode(CapturedOutput output) {
		try (ConfigurableApplicationContext context = TestApplication.run(Shop.class, WebApplicationType.NONE,
				"DATABASE_URL=" + this.tasker.url(), "tasker.messaging.queues=orders", FAIL)) {
			context.getBean(Orders.class).place(1);
			assertThat(length(context)).isOne();
			assertThat(output).doesNotContain(WARNING);
		}
	}

	@Test
	void outboxIsNotAvailableYet() {
		assertThatException().isThrownBy(() -> split(Shop.class, "tasker.messaging.cross-database=outbox").close())
			.havingRootCause()
			.isInstanceOf(InvalidConfigurationPropertyValueException.class)
			.withMessageContainingAll("tasker.messaging.cross-database", "not available yet");
	}

	@Test
	void transactionIsNoticedThroughAnyProxyOfTheDataSource() {
		DataSource pool = this.tasker.dataSource();
		DataSource guarded = new GuardedDataSource(pool, DatabaseGuard.NONE);
		DataSource aware = new TransactionAwareDataSourceProxy(guarded);
		List<DataSource> proxies = List.of(pool, guarded, aware, new GuardedDataSource(aware, DatabaseGuard.NONE),
				new LazyConnectionDataSourceProxy(guarded));
		for (DataSource managed : proxies) {
			for (DataSource known : proxies) {
				DataSourceTransactionManager manager = new DataSourceTransactionManager(managed);
				manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
				assertThatExceptionOfType(CrossDatabaseSendException.class)
					.isThrownBy(() -> new TransactionTemplate(manager)
						.executeWithoutResult((status) -> CrossDatabaseSends.refused(known).check("orders")));
			}
		}
		new TransactionTemplate(new DataSourceTransactionManager(this.queues.dataSource()))
			.executeWithoutResult((status) -> CrossDatabaseSends.refused(guarded).check("orders"));
	}

	private ConfigurableApplicationContext split(Class<?> application, String... properties) {
		String[] all = new String[properties.length + 3];
		System.arraycopy(properties, 0, all, 3, properties.length);
		all[0] = "DATABASE_URL=" + this.tasker.url();
		all[1] = "PGMQ_DATABASE_URL=" + this.queues.url();
		all[2] = "tasker.messaging.queues=orders";
		return TestApplication.run(application, WebApplicationType.NONE, all);
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context, String manager) {
		return new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class));
	}

	private static long length(ConfigurableApplicationContext context) {
		return JdbcClient.create(context.getBean(DatabasePools.class).pgmq())
			.sql("select count(*) from pgmq.q_orders")
			.query(Long.class)
			.single();
	}

	/**
	 * An application that sends in transactions.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class Shop {

		@Bean
		Orders orders(MessagingService messaging, TaskerMessages messages, JdbcClient jdbc) {
			return new Orders(messaging, messages, jdbc);
		}

	}

	/**
	 * Its service.
	 */
	static class Orders {

		private final MessagingService messaging;

		private final TaskerMessages messages;

		private final JdbcClient jdbc;

		Orders(MessagingService messaging, TaskerMessages messages, JdbcClient jdbc) {
			this.messaging = messaging;
			this.messages = messages;
			this.jdbc = jdbc;
		}

		@Transactional
		void place(int number) {
			this.jdbc.sql("insert into public.books values (?)").param("book " + number).update();
			this.messaging.sendMessage("orders", number);
		}

		@Transactional
		void placeAll(List<Integer> numbers) {
			this.messaging.sendBatch("orders", numbers);
		}

		@Transactional
		void sendStep() {
			this.messages.sendStep("payments",
					new StepMessage(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID()));
		}

	}

	/**
	 * An application with JPA.
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
