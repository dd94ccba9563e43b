/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.database.DatabaseGuard;
import systems.tasker.database.DatabaseOperation;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.messaging.MessagingDisabledException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the two qualified DataSources, in a real application on a real server.
 */
@Tag("any-postgres")
class TaskerDatabaseIntegrationTests {

	private TestDatabase tasker;

	private TestDatabase queues;

	@BeforeEach
	void createDatabases() {
		this.tasker = TaskerPostgres.shared().createDatabase();
		this.queues = TaskerPostgres.shared().createDatabase();
	}

	@AfterEach
	void dropDatabases() {
		this.tasker.close();
		this.queues.close();
	}

	@Test
	void singleModeHasOnePoolThatIsTheDefaultOfTheApplication() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url())) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			assertThat(pools.isPgmqSeparate()).isFalse();
			assertThat(pools.pgmq()).isSameAs(pools.tasker())
				.isSameAs(context.getBean(DataSource.class))
				.isSameAs(qualified(context, DataSource.class, "taskerDataSource"))
				.isSameAs(qualified(context, DataSource.class, "pgmqDataSource"));
			assertThat(database(context.getBean(JdbcClient.class))).isEqualTo(this.tasker.name());
			PlatformTransactionManager manager = context.getBean(PlatformTransactionManager.class);
			assertThat(context.getBean("taskerTransactionManager")).isSameAs(manager);
			assertThat(context.getBean("pgmqTransactionManager")).isSameAs(manager);
		}
	}

	@Test
	void beansOfTheApplicationMayHaveGenericNames() {
		ApplicationContextInitializer<GenericApplicationContext> beans = (context) -> {
			for (String name : List.of("messagingService", "messageRouter", "messageSerializer", "messageObservations",
					"databasePools", "connectionBudget", "healthProbes", "sharedPoolMeterFilter")) {
				context.registerBean(name, StringBuilder.class, () -> new StringBuilder(name));
			}
		};
		SpringApplication application = new SpringApplication(TestApplication.class);
		application.addInitializers(beans);
		try (ConfigurableApplicationContext context = application.run("--DATABASE_URL=" + this.tasker.url(),
				"--spring.main.web-application-type=none")) {
			assertThat(context.getBean("messagingService")).hasToString("messagingService");
			assertThat(context.getBean(MessagingService.class)).isSameAs(context.getBean("taskerMessagingService"));
		}
	}

	@Test
	void anIdleTimeoutAboveTheLifetimeStaysOn() throws SQLException {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"tasker.database.pool.max-lifetime=60s")) {
			HikariDataSource pool = pool(context.getBean(DatabasePools.class).tasker());
			// The pool looks at its settings when the first connection is asked for.
			pool.getConnection().close();
			assertThat(pool.getIdleTimeout()).isEqualTo(59_000);
		}
	}

	@Test
	void bothSpellingsOfOneDatabaseAreSingleMode() {
		String jdbc = this.tasker.jdbcUrl() + "?user=" + this.tasker.username() + "&password=" + this.tasker.password();
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"PGMQ_DATABASE_URL=" + jdbc)) {
			assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isFalse();
		}
	}

	@Test
	void splitModeHasTwoPoolsSizedOnTheirOwn() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"PGMQ_DATABASE_URL=" + this.queues.url(), "tasker.database.pool.max-connections=7",
				"tasker.pgmq-database.pool.acquire-timeout=2")) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			assertThat(pools.isPgmqSeparate()).isTrue();
			assertThat(database(context.getBean("taskerJdbcClient", JdbcClient.class))).isEqualTo(this.tasker.name());
			assertThat(database(context.getBean("pgmqJdbcClient", JdbcClient.class))).isEqualTo(this.queues.name());
			assertThat(pools.forOperation(DatabaseOperation.QUEUE_SEND)).isSameAs(pools.pgmq());
			assertThat(pools.forOperation(DatabaseOperation.STATE_TRANSITION)).isSameAs(pools.tasker());
			HikariDataSource taskerPool = pool(pools.tasker());
			HikariDataSource pgmqPool = pool(pools.pgmq());
			assertThat(taskerPool.getPoolName()).isEqualTo("tasker");
			assertThat(taskerPool.getMaximumPoolSize()).isEqualTo(7);
			assertThat(taskerPool.getConnectionTimeout()).isEqualTo(10_000);
			assertThat(pgmqPool.getPoolName()).isEqualTo("pgmq");
			assertThat(pgmqPool.getMaximumPoolSize()).isEqualTo(15);
			assertThat(pgmqPool.getConnectionTimeout()).isEqualTo(2000);
			assertThat(context.getBean(DataSource.class)).isSameAs(pools.tasker());
			assertThat(context.getBean("pgmqTransactionManager"))
				.isNotSameAs(context.getBean("taskerTransactionManager"));
		}
	}

	@Test
	void anExplicitPropertyWinsOverTheVariable() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.queues.url(),
				"tasker.database.url=" + this.tasker.url())) {
			assertThat(database(context.getBean(JdbcClient.class))).isEqualTo(this.tasker.name());
		}
	}

	@Test
	void aBlankPgmqUrlIsSingleMode() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"tasker.pgmq-database.url= ")) {
			assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isFalse();
		}
	}

	@Test
	void sessionsNameTheirPoolRunInUtcAndReadWhatIsCommitted() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"PGMQ_DATABASE_URL=" + this.queues.url(), "spring.application.name=billing")) {
			for (String pool : List.of("tasker", "pgmq")) {
				Map<String, Object> session = context.getBean(pool + "JdbcClient", JdbcClient.class).sql("""
						select current_setting('application_name') as name, current_setting('TimeZone') as zone,
						       current_setting('transaction_isolation') as isolation""").query().singleRow();
				assertThat(session).containsEntry("name", "billing:" + pool)
					.containsEntry("zone", "UTC")
					.containsEntry("isolation", "read committed");
			}
		}
	}

	@Test
	void usernameAndPasswordGivenApartReplaceThoseOfTheUrl() {
		String url = this.tasker.url().replaceFirst("//[^@]*@", "//nobody:wrong@");
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + url,
				"tasker.database.username=" + this.tasker.username(),
				"tasker.database.password=" + this.tasker.password())) {
			assertThat(database(context.getBean(JdbcClient.class))).isEqualTo(this.tasker.name());
		}
	}

	@Test
	void theApplicationKeepsItsOwnDataSourceAsTheDefault() {
		try (TestDatabase own = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(springDataSource(own)[0],
						springDataSource(own)[1], springDataSource(own)[2], "DATABASE_URL=" + this.tasker.url())) {
			assertThat(database(context.getBean(JdbcClient.class))).isEqualTo(own.name());
			assertThat(database(context.getBean("taskerJdbcClient", JdbcClient.class))).isEqualTo(this.tasker.name());
			assertThat(context.getBean(PlatformTransactionManager.class))
				.isNotSameAs(context.getBean("taskerTransactionManager"));
		}
	}

	@Test
	void withoutAnAddressTheDatabaseOfTheApplicationIsTheTaskerDatabase() {
		try (ConfigurableApplicationContext context = TestApplication.run(springDataSource(this.tasker))) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			assertThat(pools.tasker()).isSameAs(context.getBean(DataSource.class)).isSameAs(pools.pgmq());
		}
	}

	@Test
	void theDatabaseOfTheApplicationAndTheSameDatabaseAsPgmqUrlAreSingleMode() {
		String[] own = springDataSource(this.tasker);
		try (ConfigurableApplicationContext context = TestApplication.run(own[0], own[1], own[2],
				"PGMQ_DATABASE_URL=" + this.tasker.url())) {
			assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isFalse();
		}
	}

	@Test
	void theDatabaseOfTheApplicationCanHaveItsQueuesApart() {
		String[] own = springDataSource(this.tasker);
		try (ConfigurableApplicationContext context = TestApplication.run(own[0], own[1], own[2],
				"PGMQ_DATABASE_URL=" + this.queues.url())) {
			assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isTrue();
			assertThat(database(context.getBean("pgmqJdbcClient", JdbcClient.class))).isEqualTo(this.queues.name());
		}
	}

	@Test
	void qualifiedBeansOfTheApplicationReplaceOurs() {
		OwnBeans.databases = List.of(this.tasker, this.queues);
		try (TestDatabase other = TaskerPostgres.shared().createDatabase();
				ConfigurableApplicationContext context = TestApplication.run(OwnBeans.class, WebApplicationType.NONE,
						"DATABASE_URL=" + other.url(), "PGMQ_DATABASE_URL=" + other.url())) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			assertThat(pools.tasker()).isSameAs(context.getBean("mine"));
			assertThat(pools.pgmq()).isSameAs(context.getBean("mineToo"));
			assertThat(context.getBeansOfType(DataSource.class)).containsOnlyKeys("usual", "mine", "mineToo");
			assertThat(database(context.getBean("taskerJdbcClient", JdbcClient.class))).isEqualTo(this.tasker.name());
		}
	}

	@Test
	void proxiesAroundDataSourcesChangeNeitherModeNorTransaction() {
		for (String[] properties : List.of(new String[] { "DATABASE_URL=" + this.tasker.url() },
				springDataSource(this.queues))) {
			try (ConfigurableApplicationContext context = TestApplication.run(Proxies.class, WebApplicationType.NONE,
					properties)) {
				assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isFalse();
				MessagingService messaging = context.getBean(MessagingService.class);
				messaging.ensureQueue("orders");
				new TransactionTemplate(context.getBean("taskerTransactionManager", PlatformTransactionManager.class))
					.executeWithoutResult((status) -> {
						messaging.sendMessage("orders", "x");
						status.setRollbackOnly();
					});
				assertThat(messaging.queueStats("orders").length()).hasValue(0);
			}
		}
	}

	@Test
	void aTransactionManagerForSomethingElseIsNotTaken() {
		try (ConfigurableApplicationContext context = TestApplication.run(OtherTransactionManager.class,
				WebApplicationType.NONE, "DATABASE_URL=" + this.tasker.url())) {
			assertThat(context.getBean("taskerTransactionManager")).isInstanceOf(JdbcTransactionManager.class);
			assertThat(context.getBean("pgmqTransactionManager")).isInstanceOf(JdbcTransactionManager.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "off", "no", "FALSE" })
	void pgmqIsSwitchedOffHoweverABooleanIsWritten(String value) {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"PGMQ_ENABLED=" + value)) {
			assertThat(context.getBean(DatabasePools.class).isPgmqEnabled()).isFalse();
			assertThat(context.getBean(MessagingService.class).providerName()).isEqualTo("disabled");
		}
	}

	@Test
	void variablesAndPropertiesAreFoundInSourcesThatAreAddedLater() {
		SpringApplication application = new SpringApplication(TestApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("tasker.database.url", this.tasker.url()));
		application.addInitializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("later", Map.of("PGMQ_DATABASE_URL", this.queues.url()))));
		try (ConfigurableApplicationContext context = application.run("--DATABASE_URL=" + this.queues.url())) {
			assertThat(database(context.getBean("taskerJdbcClient", JdbcClient.class))).isEqualTo(this.tasker.name());
			assertThat(context.getBean(DatabasePools.class).isPgmqSeparate()).isTrue();
		}
	}

	@Test
	void blankCredentialsLeaveThoseOfTheUrl() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"tasker.database.username=", "tasker.database.password= ")) {
			assertThat(database(context.getBean(JdbcClient.class))).isEqualTo(this.tasker.name());
		}
	}

	@Test
	void poolsCloseWithTheContext() {
		DatabasePools pools;
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"PGMQ_DATABASE_URL=" + this.queues.url())) {
			pools = context.getBean(DatabasePools.class);
		}
		assertThat((pool(pools.tasker())).isClosed()).isTrue();
		assertThat((pool(pools.pgmq())).isClosed()).isTrue();
	}

	@Test
	void withoutPgmqThereIsNoPoolForItAndASendNamesTheProperty() {
		try (TestDatabase empty = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + empty.url(),
						"PGMQ_DATABASE_URL=" + this.queues.url(), "PGMQ_ENABLED=false")) {
			DatabasePools pools = context.getBean(DatabasePools.class);
			assertThat(pools.isPgmqEnabled()).isFalse();
			assertThatIllegalStateException().isThrownBy(pools::pgmq)
				.withMessageContaining("tasker.pgmq-database.enabled");
			assertThat(context.containsBean("pgmqDataSource")).isFalse();
			assertThatExceptionOfType(MessagingDisabledException.class)
				.isThrownBy(() -> context.getBean(MessagingService.class).sendMessage("orders", "x"))
				.withMessageContaining("tasker.pgmq-database.enabled");
			assertThat(JdbcClient.create(empty.dataSource())
				.sql("select count(*) from pg_namespace where nspname in ('pgmq', 'tasker_pgmq')")
				.query(Long.class)
				.single()).isZero();
		}
	}

	@Test
	void inSingleModeARowAndAMessageCommitOrRollBackTogether() {
		try (ConfigurableApplicationContext context = TestApplication.run("DATABASE_URL=" + this.tasker.url(),
				"tasker.messaging.queues=orders")) {
			MessagingService messaging = context.getBean(MessagingService.class);
			JdbcClient jdbc = context.getBean(JdbcClient.class);
			jdbc.sql("create table public.orders (id int)").update();
			TransactionTemplate transaction = new TransactionTemplate(
					BeanFactoryAnnotationUtils.qualifiedBeanOfType((BeanFactory) context.getBeanFactory(),
							PlatformTransactionManager.class, "taskerTransactionManager"));
			transaction.executeWithoutResult((status) -> {
				jdbc.sql("insert into public.orders values (1)").update();
				messaging.sendMessage("orders", Map.of("id", 1));
				status.setRollbackOnly();
			});
			assertThat(rows(jdbc)).isZero();
			assertThat(messaging.queueStats("orders").length()).hasValue(0);
			transaction.executeWithoutResult((status) -> {
				jdbc.sql("insert into public.orders values (2)").update();
				messaging.sendMessage("orders", Map.of("id", 2));
			});
			assertThat(rows(jdbc)).isOne();
			assertThat(messaging.queueStats("orders").length()).hasValue(1);
		}
	}

	private static long rows(JdbcClient jdbc) {
		return jdbc.sql("select count(*) from public.orders").query(Long.class).single();
	}

	private static HikariDataSource pool(DataSource dataSource) {
		return DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
	}

	private static String[] springDataSource(TestDatabase database) {
		return new String[] { "spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.username(),
				"spring.datasource.password=" + database.password() };
	}

	private static String database(JdbcClient jdbcClient) {
		return jdbcClient.sql("select current_database()").query(String.class).single();
	}

	private static <T> T qualified(ConfigurableApplicationContext context, Class<T> type, String name) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), type, name);
	}

	/**
	 * An application with qualified DataSources of its own, and a usual one.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class OwnBeans {

		static List<TestDatabase> databases = List.of();

		@Bean
		DataSource usual() {
			return databases.get(1).dataSource();
		}

		@Bean(defaultCandidate = false)
		@TaskerDataSource
		DataSource mine() {
			return new GuardedDataSource(databases.get(0).dataSource(), DatabaseGuard.NONE);
		}

		@Bean(defaultCandidate = false)
		@PgmqDataSource
		DataSource mineToo() {
			return databases.get(1).dataSource();
		}

	}

	/**
	 * An application that observes its DataSources.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class Proxies {

		@Bean
		static BeanPostProcessor proxies() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof DataSource dataSource) ? new DelegatingDataSource(dataSource) : bean;
				}

			};
		}

	}

	/**
	 * An application whose only transaction manager manages no database.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class OtherTransactionManager {

		@Bean
		PlatformTransactionManager broker() {
			return new PlatformTransactionManager() {

				@Override
				public TransactionStatus getTransaction(TransactionDefinition definition) {
					throw new UnsupportedOperationException();
				}

				@Override
				public void commit(TransactionStatus status) {
					throw new UnsupportedOperationException();
				}

				@Override
				public void rollback(TransactionStatus status) {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

}
