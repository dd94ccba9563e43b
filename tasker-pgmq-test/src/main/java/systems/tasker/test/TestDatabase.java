/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import javax.sql.DataSource;

/**
 * A database of a {@link TaskerPostgres} server, made for one test or one test class.
 * {@link #close()} drops it.
 */
public final class TestDatabase implements AutoCloseable {

	private final TaskerPostgres server;

	private final ServerAddress address;

	private final String name;

	TestDatabase(TaskerPostgres server, ServerAddress address, String name) {
		this.server = server;
		this.address = address;
		this.name = name;
	}

	/**
	 * Return the name of the database.
	 * @return the name, unique on its server
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the address of the database in the form of the PostgreSQL tools.
	 * @return {@code postgresql://user:password@host:port/name}
	 */
	public String url() {
		return "postgresql://%s:%s@%s/%s".formatted(username(), password(), this.address, this.name);
	}

	/**
	 * Return the JDBC URL, without user and password.
	 * @return {@code jdbc:postgresql://host:port/name}
	 */
	public String jdbcUrl() {
		return "jdbc:postgresql://%s/%s".formatted(this.address, this.name);
	}

	/**
	 * Return the name of the role that owns the database and everything in it. It is no
	 * superuser and may create neither databases nor roles.
	 * @return the name of the role
	 */
	public String username() {
		return ServerAddress.OWNER;
	}

	/**
	 * Return the password of the owner.
	 * @return the password, the same for all databases of a server
	 */
	public String password() {
		return this.address.ownerPassword();
	}

	/**
	 * Return a new DataSource that connects as the owner. It has no pool: each connection
	 * is a new one.
	 * @return the DataSource
	 */
	public DataSource dataSource() {
		return this.address.owner(this.name);
	}

	/**
	 * Return a new DataSource that connects to this database as a superuser, to create
	 * roles or to look at the server. It has no pool.
	 * @return the DataSource
	 */
	public DataSource superuserDataSource() {
		return this.address.superuser(this.name);
	}

	/**
	 * Drop the database and end all connections to it. Does nothing when the database is
	 * gone or its server is not running.
	 * @throws IllegalStateException if the server refuses
	 */
	@Override
	public void close() {
		this.server.drop(this.name);
	}

	@Override
	public String toString() {
		return jdbcUrl();
	}

}
