/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

/**
 * One of the two sets of SQL in {@code tasker-pgmq-migrations}: where its files are and
 * where its history is kept. Each set has a schema and a history table of its own, so
 * that both can be applied to one database.
 */
public enum MigrationSet {

	/** Tasks, steps and their transitions. */
	TASKER("tasker/migration/tasker", "tasker", "tasker_schema_history"),

	/** Functions around the PGMQ extension, which must be installed before. */
	PGMQ("tasker/migration/pgmq", "tasker_pgmq", "tasker_pgmq_schema_history");

	private final String location;

	private final String schema;

	private final String historyTable;

	MigrationSet(String location, String schema, String historyTable) {
		this.location = location;
		this.schema = schema;
		this.historyTable = historyTable;
	}

	/**
	 * Return the class path folder of the SQL files.
	 * @return the folder, without a leading or trailing slash
	 */
	public String location() {
		return this.location;
	}

	/**
	 * Return the schema that holds the objects of this set and its history table.
	 * @return the schema name
	 */
	public String schema() {
		return this.schema;
	}

	/**
	 * Return the name of the Flyway history table.
	 * @return the table name, unqualified
	 */
	public String historyTable() {
		return this.historyTable;
	}

}
