/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders.demo;

import java.io.PrintStream;
import java.sql.DatabaseMetaData;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

import systems.tasker.database.DatabasePools;
import systems.tasker.database.PostgresUrl;

/**
 * Tells on the console what a {@link Demo} did.
 */
final class Account {

	private final PrintStream out;

	private final DatabasePools pools;

	Account(PrintStream out, DatabasePools pools) {
		this.out = out;
		this.pools = pools;
	}

	void printDatabases() {
		boolean split = this.pools.isPgmqSeparate();
		this.out.println();
		this.out.println(split ? "Mode split: the queues have a database of their own"
				: "Mode single: tasks and queues share one database");
		this.out.println("  Tasker database  " + address(this.pools.tasker()));
		this.out.println("  PGMQ database    " + (split ? address(this.pools.pgmq()) : "the same"));
		this.out.println();
	}

	void printOrder(Demo.Sent order, String state) {
		this.out.printf("  %3s x %-22s %-24s placed%s, %s%n", order.content().get("quantity"),
				order.content().get("sku"), order.content().get("customer"), steps(order.id()),
				state.toLowerCase(Locale.ROOT));
	}

	// By the clock of the database, which wrote down all moments.
	private String steps(String order) {
		return JdbcClient.create(this.pools.tasker()).sql("""
				select ', ' || n.name
				  || case when s.attempts > 1 then ' (attempt ' || s.attempts || ')' else '' end
				  || ' +' || round(extract(epoch from s.processed_at - t.created_at) * 1000) || ' ms'
				from tasker.tasks t
				join tasker.workflow_steps s on s.task_uuid = t.task_uuid
				join tasker.named_steps n on n.named_step_uuid = s.named_step_uuid
				where t.task_uuid = :order::uuid and s.processed
				order by s.processed_at
				""").param("order", order).query(String.class).list().stream().collect(Collectors.joining());
	}

	void printResult(int fulfilled, int total) {
		this.out.println();
		this.out.printf("%d of %d orders fulfilled%n", fulfilled, total);
	}

	void printQueueTables() {
		this.out.println();
		this.out.println("Queue tables");
		this.out.println("  in the Tasker database  " + queueTables(this.pools.tasker()));
		if (this.pools.isPgmqSeparate()) {
			this.out.println("  in the PGMQ database    " + queueTables(this.pools.pgmq()));
		}
	}

	void printWaysToLook(String address, String order) {
		this.out.println();
		this.out.println("Serving until you press Ctrl+C. Look at it with");
		this.out.println("  curl -s " + address + "/actuator/health");
		this.out.println("  curl -s " + address + "/orders/" + order);
		this.out.println(
				"  curl -s -H 'Content-Type: application/json' -d '{\"customer\":\"c1\",\"sku\":\"book\",\"quantity\":2}' "
						+ address + "/orders");
		this.out.println();
	}

	private static String address(DataSource dataSource) {
		try {
			// Parsed and printed again, it has neither user nor password.
			return PostgresUrl.parse(JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getURL))
				.toString();
		}
		catch (MetaDataAccessException ex) {
			throw new IllegalStateException("The database does not tell its address", ex);
		}
	}

	private static String queueTables(DataSource dataSource) {
		List<String> tables = JdbcClient.create(dataSource).sql("""
				select schemaname || '.' || tablename from pg_tables
				where schemaname = 'pgmq' and tablename ~ '^[qa]_'
				order by tablename
				""").query(String.class).list();
		return tables.isEmpty() ? "none" : String.join(", ", tables);
	}

}
