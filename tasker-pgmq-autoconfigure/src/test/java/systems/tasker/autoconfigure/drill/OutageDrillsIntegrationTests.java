/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import systems.tasker.autoconfigure.drill.SplitApplication.Half;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outages of servers, sessions, the pool, the login and the network. One application
 * lives through them all; only those of the network have one of their own, behind
 * proxies.
 */
@Tag("any-postgres")
class OutageDrillsIntegrationTests {

	private static Servers servers;

	private static SplitApplication application;

	@BeforeAll
	static void start() {
		servers = new Servers();
		application = SplitApplication.direct(servers);
	}

	@AfterAll
	static void close() {
		DrillReport.publish();
		application.close();
		servers.close();
	}

	@Test
	void pgmqServerIsStopped() throws Exception {
		drill("PGMQ server stopped", Half.PGMQ, Outage.of(() -> servers.pgmq().stop(), () -> servers.pgmq().start()));
	}

	@Test
	void pgmqServerIsStoppedImmediately() throws Exception {
		drill("PGMQ server stopped immediately", Half.PGMQ,
				Outage.of(() -> servers.pgmq().stopImmediately(), () -> servers.pgmq().start()));
	}

	@Test
	void pgmqServerIsKilled() throws Exception {
		drill("PGMQ server killed (SIGKILL)", Half.PGMQ,
				Outage.of(() -> servers.pgmq().crash(), () -> servers.pgmq().start()));
	}

	@Test
	void pgmqServerIsRestarted() throws Exception {
		drill("PGMQ server restarted", Half.PGMQ, new Transient(() -> servers.pgmq().restart()));
	}

	@Test
	void taskerServerIsStopped() throws Exception {
		drill("Tasker server stopped", Half.TASKER,
				Outage.of(() -> servers.tasker().stop(), () -> servers.tasker().start()));
	}

	@Test
	void everyBackendOfThePgmqDatabaseIsTerminated() throws Exception {
		drill("PGMQ backends terminated", Half.PGMQ,
				new Transient(() -> Servers.terminateBackends(servers.pgmqDatabase())));
	}

	@Test
	void everyBackendOfTheTaskerDatabaseIsTerminated() throws Exception {
		drill("Tasker backends terminated", Half.TASKER,
				new Transient(() -> Servers.terminateBackends(servers.taskerDatabase())));
	}

	@Test
	void pgmqPoolIsExhausted() throws Exception {
		HikariDataSource pool = application.pool(Half.PGMQ);
		Deque<Connection> taken = new ArrayDeque<>();
		DrillReport.Row row = drill("PGMQ pool exhausted", Half.PGMQ, Outage.of(() -> {
			while (taken.size() < pool.getMaximumPoolSize()) {
				taken.add(pool.getConnection());
			}
		}, () -> {
			while (!taken.isEmpty()) {
				taken.remove().close();
			}
		}));
		assertThat(row.longestCall()).as("longest call")
			.isLessThan(Scale.current().acquireTimeout(Half.PGMQ).plusSeconds(1));
	}

	@Test
	void passwordOfThePgmqDatabaseIsRotated() throws Exception {
		String password = servers.pgmqDatabase().password();
		String rotated = "owner-secret-" + UUID.randomUUID();
		application.secrets().add(rotated);
		try {
			drill("PGMQ password rotated", Half.PGMQ, Outage.of(() -> {
				servers.setPgmqPassword(rotated);
				Servers.terminateBackends(servers.pgmqDatabase());
			}, () -> application.pool(Half.PGMQ).getHikariConfigMXBean().setPassword(rotated)));
		}
		finally {
			servers.setPgmqPassword(password);
			application.pool(Half.PGMQ).getHikariConfigMXBean().setPassword(password);
		}
	}

	@Test
	void pgmqDatabaseIsSwallowed() throws Exception {
		swallow("PGMQ database black-holed", Half.PGMQ, servers.pgmqProxy());
	}

	@Test
	void taskerDatabaseIsSwallowed() throws Exception {
		swallow("Tasker database black-holed", Half.TASKER, servers.taskerProxy());
	}

	private static void swallow(String name, Half half, TcpProxy proxy) throws Exception {
		Scale scale = Scale.current();
		try (SplitApplication proxied = SplitApplication.proxied(servers, half)) {
			DrillReport.Row row = new Drill(name, proxied, half, Outage.of(proxy::swallow, proxy::forward)).run();
			assertThat(row.slowestHealth()).as("slowest answer of health").isLessThan(Duration.ofMillis(1500));
			assertThat(row.longestCall()).as("longest call")
				.isBetween(scale.socketTimeout(half).minusSeconds(1),
						scale.socketTimeout(half).plus(scale.acquireTimeout(half)).plusSeconds(1));
		}
	}

	private static DrillReport.Row drill(String name, Half half, Outage outage) throws Exception {
		return new Drill(name, application, half, outage).run();
	}

	/**
	 * An outage that is over when it has begun, and may end before a circuit breaker
	 * opens.
	 *
	 * @param action what happens
	 */
	private record Transient(Action action) implements Outage {

		@Override
		public void begin() throws Exception {
			this.action.run();
		}

		@Override
		public void end() {
		}

		@Override
		public boolean lasts() {
			return false;
		}

	}

}
