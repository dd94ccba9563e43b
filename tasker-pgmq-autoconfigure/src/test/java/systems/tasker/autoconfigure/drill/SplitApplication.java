/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.postgresql.Driver;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.database.DatabasePools;
import systems.tasker.messaging.MessagingService;

/**
 * A web application in split mode, and what can be seen of it from outside.
 */
final class SplitApplication implements AutoCloseable {

	private static final List<String> ENDPOINTS = List.of("health", "env", "configprops", "circuitbreakers",
			"circuitbreakerevents", "beans", "metrics");

	private final Secrets secrets;

	private final ConfigurableApplicationContext context;

	private final RestClient http;

	private SplitApplication(Scale scale, String taskerUrl, String pgmqUrl, Secrets secrets) {
		this.secrets = secrets;
		List<String> properties = new ArrayList<>(scale.properties());
		properties.add("DATABASE_URL=" + taskerUrl);
		properties.add("PGMQ_DATABASE_URL=" + pgmqUrl);
		properties.add("management.endpoints.web.exposure.include=*");
		properties.add("management.endpoint.health.show-details=always");
		properties.add("management.endpoint.env.show-values=always");
		properties.add("management.endpoint.configprops.show-values=always");
		this.context = TestApplication.run(TestApplication.class, WebApplicationType.SERVLET,
				properties.toArray(String[]::new));
		secrets.watchLog();
		this.http = TestApplication.client(this.context);
		jdbc().sql("create table if not exists requests (id bigint generated always as identity, note text)").update();
	}

	/**
	 * Start an application that reaches its databases directly.
	 * @param servers the servers of its databases
	 * @return the application
	 */
	static SplitApplication direct(Servers servers) {
		return new SplitApplication(Scale.current(), servers.taskerDatabase().url(), servers.pgmqDatabase().url(),
				secrets(servers));
	}

	/**
	 * Start an application that reaches its databases through the proxies.
	 * @param servers the servers of its databases
	 * @param half the half that is to wait as the scale says; the other one may be slow
	 * @return the application
	 */
	static SplitApplication proxied(Servers servers, Half half) {
		Scale scale = Scale.current();
		String tasker = servers.taskerDatabase()
			.url()
			.replace(port(servers.tasker().port()), port(servers.taskerProxy().port()));
		String pgmq = servers.pgmqDatabase()
			.url()
			.replace(port(servers.pgmq().port()), port(servers.pgmqProxy().port()));
		return new SplitApplication(scale, (half == Half.TASKER) ? tasker + scale.parameters() : tasker,
				(half == Half.PGMQ) ? pgmq + scale.parameters() : pgmq, secrets(servers));
	}

	private static String port(int port) {
		return ":" + port + "/";
	}

	private static Secrets secrets(Servers servers) {
		return new Secrets(servers.taskerDatabase().password(), servers.pgmqDatabase().password());
	}

	Secrets secrets() {
		return this.secrets;
	}

	MessagingService messaging() {
		return this.context.getBean(MessagingService.class);
	}

	boolean isOpen(Half half) {
		return breaker(half).getState() == CircuitBreaker.State.OPEN;
	}

	boolean isClosed(Half half) {
		return breaker(half).getState() == CircuitBreaker.State.CLOSED;
	}

	void onClosed(Half half, Runnable action) {
		breaker(half).getEventPublisher().onStateTransition((event) -> {
			if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
				action.run();
			}
		});
	}

	private CircuitBreaker breaker(Half half) {
		return this.context.getBean(CircuitBreakerRegistry.class).circuitBreaker(half.breaker());
	}

	HikariDataSource pool(Half half) {
		DatabasePools pools = this.context.getBean(DatabasePools.class);
		return DataSourceUnwrapper.unwrap((half == Half.PGMQ) ? pools.pgmq() : pools.tasker(), HikariDataSource.class);
	}

	private JdbcClient jdbc() {
		return this.context.getBean(JdbcClient.class);
	}

	/**
	 * Return what a service does with its Tasker database: a transaction that writes and
	 * reads.
	 * @return the request
	 */
	Traffic.Operation taskerRequest() {
		JdbcClient jdbc = jdbc();
		TransactionTemplate transaction = new TransactionTemplate(
				this.context.getBean(PlatformTransactionManager.class));
		return () -> transaction.executeWithoutResult((status) -> {
			long id = jdbc.sql("insert into requests (note) values ('drill') returning id").query(Long.class).single();
			jdbc.sql("select note from requests where id = ?").param(id).query(String.class).single();
		});
	}

	/**
	 * Return whether a database answers on a new connection made as the application makes
	 * it.
	 * @param half the half whose database it is
	 * @return whether it does
	 */
	boolean answers(Half half) {
		HikariDataSource pool = pool(half);
		Properties properties = new Properties();
		properties.put("user", pool.getUsername());
		properties.put("password", pool.getPassword());
		properties.put("connectTimeout", "1");
		properties.put("loginTimeout", "1");
		properties.put("socketTimeout", "1");
		try (Connection connection = new Driver().connect(pool.getJdbcUrl(), properties)) {
			return connection != null;
		}
		catch (SQLException ex) {
			this.secrets.inspect(ex);
			return false;
		}
	}

	Health health() {
		return this.http.get().uri("/actuator/health").exchange((request, response) -> {
			String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
			this.secrets.inspect("health", body);
			return new Health(response.getStatusCode().value(),
					JsonMapper.shared().readTree(body).get("status").asString());
		});
	}

	void inspectEndpoints() {
		for (String endpoint : ENDPOINTS) {
			this.secrets.inspect(endpoint, this.http.get()
				.uri("/actuator/" + endpoint)
				.exchange(
						(request, response) -> new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)));
		}
	}

	@Override
	public void close() {
		this.context.close();
		this.secrets.close();
	}

	/**
	 * What the health endpoint answers.
	 *
	 * @param code the status code
	 * @param status the status
	 */
	record Health(int code, String status) {

		boolean isUp() {
			return equals(new Health(200, "UP"));
		}

	}

	/**
	 * A database and what depends on it.
	 */
	enum Half {

		/** Tasks, and the requests about them. */
		TASKER("tasker", new Health(503, "DOWN"), Duration.ofSeconds(10), Duration.ofSeconds(60)),

		/** Queues, and the messages in them. */
		PGMQ("pgmq", new Health(200, "DEGRADED"), Duration.ofSeconds(5), Duration.ofSeconds(30));

		private final String breaker;

		private final Health healthInOutage;

		private final Duration acquireTimeout;

		private final Duration socketTimeout;

		Half(String breaker, Health healthInOutage, Duration acquireTimeout, Duration socketTimeout) {
			this.breaker = breaker;
			this.healthInOutage = healthInOutage;
			this.acquireTimeout = acquireTimeout;
			this.socketTimeout = socketTimeout;
		}

		String breaker() {
			return this.breaker;
		}

		/**
		 * Return what the health endpoint is to answer while this half is out.
		 * @return the answer
		 */
		Health healthInOutage() {
			return this.healthInOutage;
		}

		/**
		 * Return how long a call waits for a connection by default.
		 * @return the time
		 */
		Duration acquireTimeout() {
			return this.acquireTimeout;
		}

		/**
		 * Return how long a call waits for an answer by default.
		 * @return the time
		 */
		Duration socketTimeout() {
			return this.socketTimeout;
		}

	}

}
