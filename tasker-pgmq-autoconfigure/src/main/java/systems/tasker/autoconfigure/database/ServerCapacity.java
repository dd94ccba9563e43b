/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;

import javax.sql.DataSource;

/**
 * The connections a server has.
 *
 * @param identity tells servers apart, whatever name or address they are known by
 * @param maximum its {@code max_connections}
 * @param reserved how many of them are for superusers and other roles with a privilege
 */
record ServerCapacity(String identity, int maximum, int reserved) {

	static ServerCapacity ask(DataSource dataSource) throws SQLException {
		// Not by pg_control_system(), which an administrator may have closed to us. No
		// two servers started in the same microsecond on the same port.
		String sql = """
				select pg_postmaster_start_time() as started, current_setting('port') as port,
					current_setting('max_connections')::integer as maximum,
					current_setting('superuser_reserved_connections')::integer
						+ current_setting('reserved_connections')::integer as reserved""";
		try (Connection connection = dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			row.next();
			String identity = row.getObject("started", OffsetDateTime.class) + "/" + row.getString("port");
			return new ServerCapacity(identity, row.getInt("maximum"), row.getInt("reserved"));
		}
	}

	/**
	 * Return how many connections are for applications.
	 */
	int usable() {
		return this.maximum - this.reserved;
	}

	/**
	 * Return how many instances of an application find room.
	 */
	int instances(int connectionsOfEach) {
		return usable() / connectionsOfEach;
	}

}
