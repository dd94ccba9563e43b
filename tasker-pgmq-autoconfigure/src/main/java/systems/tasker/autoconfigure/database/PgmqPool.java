/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;

/**
 * The pool of the PGMQ database, which closes with the context only when it is not the
 * Tasker pool.
 */
final class PgmqPool implements AutoCloseable {

	private final DataSource dataSource;

	private final @Nullable HikariDataSource own;

	private PgmqPool(DataSource dataSource, @Nullable HikariDataSource own) {
		this.dataSource = dataSource;
		this.own = own;
	}

	static PgmqPool shared(DataSource tasker) {
		return new PgmqPool(tasker, null);
	}

	static PgmqPool own(HikariDataSource pool) {
		return new PgmqPool(pool, pool);
	}

	boolean isShared() {
		return this.own == null;
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	@Override
	public void close() {
		if (this.own != null) {
			this.own.close();
		}
	}

}
