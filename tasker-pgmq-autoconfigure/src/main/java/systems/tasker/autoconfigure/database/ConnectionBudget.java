/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

import systems.tasker.database.DatabasePools;

/**
 * Adds up at start, after the migrations, what the pools may open, and compares it with
 * what their servers have. A pool that its users have no room in stops the start; a
 * server that is too small, or that does not answer, does not.
 */
final class ConnectionBudget implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionBudget.class);

	/** Seconds that a silent server may delay the start. */
	private static final Map<String, String> TIMEOUTS = Map.of("connectTimeout", "1", "socketTimeout", "1",
			"loginTimeout", "2");

	private final DatabasePools databases;

	private final ObjectProvider<ConnectionDemand> demands;

	ConnectionBudget(DatabasePools databases, ObjectProvider<ConnectionDemand> demands) {
		this.databases = databases;
		this.demands = demands;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Map<PoolBudget, DataSource> pools = new LinkedHashMap<>();
		add(pools, PoolBudget.TASKER, this.databases.tasker());
		if (this.databases.isPgmqSeparate()) {
			add(pools, PoolBudget.PGMQ, this.databases.pgmq());
		}
		pools.keySet().forEach(PoolBudget::requireRoom);
		Map<ServerCapacity, List<PoolBudget>> servers = new LinkedHashMap<>();
		pools.forEach((pool, dataSource) -> ask(pool, dataSource).ifPresentOrElse(
				(server) -> servers.computeIfAbsent(server, (key) -> new ArrayList<>()).add(pool),
				() -> logger.info("{}; its server was not asked how many it has", pool.describe())));
		servers.forEach(ConnectionBudget::compare);
	}

	// How large the pool of another vendor is only its application knows.
	private void add(Map<PoolBudget, DataSource> pools, String name, DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		if (pool != null) {
			pools.put(new PoolBudget(name, JdbcUrls.describe(String.valueOf(pool.getJdbcUrl())), property(name, pool),
					pool.getMaximumPoolSize(), demands(name)), dataSource);
		}
	}

	private static String property(String name, HikariDataSource pool) {
		if (!name.equals(pool.getPoolName())) {
			return "maximum-pool-size of the application's DataSource";
		}
		return name.equals(PoolBudget.TASKER) ? "tasker.database.pool.max-connections"
				: "tasker.pgmq-database.pool.max-connections";
	}

	private List<ConnectionDemand> demands(String name) {
		return this.demands.orderedStream()
			.filter((demand) -> demand.pool().equals(name) || !this.databases.isPgmqSeparate())
			.toList();
	}

	// Not through the pool, which may wait much longer for a server that is down.
	private static Optional<ServerCapacity> ask(PoolBudget pool, DataSource dataSource) {
		try {
			return (UnpooledDataSource.of(dataSource, TIMEOUTS) instanceof UnpooledDataSource direct)
					? Optional.of(ServerCapacity.ask(direct)) : Optional.empty();
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The server of pool {} cannot be asked for its connections", pool.name(), ex);
			return Optional.empty();
		}
	}

	private static void compare(ServerCapacity server, List<PoolBudget> pools) {
		int connections = pools.stream().mapToInt(PoolBudget::connections).sum();
		for (PoolBudget pool : pools) {
			logger.info(
					"{}; one instance may open {} of the {} its server has (max_connections {}, {} reserved), instances at most: {}",
					pool.describe(), connections, server.usable(), server.maximum(), server.reserved(),
					server.instances(connections));
		}
		if (connections > server.usable()) {
			logger.warn(
					"One instance may open {} connections, and its server has {} (max_connections {}, {} reserved): lower {}, or raise max_connections to {} or more",
					connections, server.usable(), server.maximum(), server.reserved(),
					pools.stream()
						.map((pool) -> pool.property() + " (" + pool.maximum() + ")")
						.collect(Collectors.joining(" or ")),
					connections + server.reserved());
		}
	}

}
