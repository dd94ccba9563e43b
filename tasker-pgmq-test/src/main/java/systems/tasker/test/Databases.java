/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import systems.tasker.database.MigrationSet;

/**
 * Creates and drops the databases of one server.
 */
final class Databases {

	private static final String TEMPLATE = "tasker_template";

	private final ServerAddress address;

	private final boolean pgmq;

	private final AtomicInteger created = new AtomicInteger();

	private final ReentrantLock templateLock = new ReentrantLock();

	private boolean templateReady;

	Databases(ServerAddress address, boolean pgmq) {
		this.address = address;
		this.pgmq = pgmq;
	}

	String createEmpty() {
		return create("template0");
	}

	String createMigrated() {
		if (!this.pgmq) {
			throw new IllegalStateException(
					"This server has no PGMQ, and the migrations need it: use createEmptyDatabase()");
		}
		this.templateLock.lock();
		try {
			if (!this.templateReady) {
				createTemplate();
				this.templateReady = true;
			}
		}
		finally {
			this.templateLock.unlock();
		}
		return create(TEMPLATE);
	}

	void drop(String name) {
		execute(this.address.superuser(), "drop database if exists %s with (force)".formatted(name));
	}

	private String create(String template) {
		String name = "test_" + this.created.incrementAndGet();
		create(name, template);
		return name;
	}

	private void create(String name, String template) {
		execute(this.address.superuser(),
				"create database %s owner %s template %s".formatted(name, ServerAddress.OWNER, template));
	}

	private void createTemplate() {
		drop(TEMPLATE);
		create(TEMPLATE, "template0");
		DataSource owner = this.address.owner(TEMPLATE);
		execute(owner, "create extension pgmq");
		migrate(owner, MigrationSet.PGMQ);
		migrate(owner, MigrationSet.TASKER);
		// A connection would be in the way of the next copy.
		execute(this.address.superuser(), "alter database %s allow_connections false".formatted(TEMPLATE));
	}

	private static void migrate(DataSource owner, MigrationSet set) {
		Flyway.configure(Databases.class.getClassLoader())
			.dataSource(owner)
			.locations("classpath:" + set.location())
			.failOnMissingLocations(true)
			.schemas(set.schema())
			.defaultSchema(set.schema())
			.table(set.historyTable())
			.cleanDisabled(true)
			.load()
			.migrate();
	}

	private static void execute(DataSource dataSource, String sql) {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot prepare a database: " + ex.getMessage(), ex);
		}
	}

}
