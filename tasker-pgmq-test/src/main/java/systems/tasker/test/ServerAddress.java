/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How one server is reached.
 *
 * @param port the port on 127.0.0.1
 * @param ownerPassword the password of {@value #OWNER}
 */
record ServerAddress(int port, String ownerPassword) {

	static final String HOST = "127.0.0.1";

	static final String OWNER = "app_owner";

	private static final String SUPERUSER = "postgres";

	/**
	 * Choose a free port, below those that systems give to outgoing connections: while
	 * the server is stopped, a client that keeps trying would else connect to itself one
	 * day.
	 * @return the address of a new server
	 */
	static ServerAddress choose() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		int port = random.ints(20_000, 32_000).limit(100).filter(ServerAddress::isFree).findFirst().orElseThrow();
		// To be recognized where no password may be, in logs and reports.
		return new ServerAddress(port, "owner-secret-" + UUID.randomUUID());
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress(HOST, port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	DataSource owner(String database) {
		return dataSource(database, OWNER, this.ownerPassword);
	}

	DataSource superuser() {
		return superuser(SUPERUSER);
	}

	DataSource superuser(String database) {
		return dataSource(database, SUPERUSER, null);
	}

	private DataSource dataSource(String database, String user, @Nullable String password) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setServerNames(new String[] { HOST });
		dataSource.setPortNumbers(new int[] { this.port });
		dataSource.setDatabaseName(database);
		dataSource.setUser(user);
		dataSource.setPassword(password);
		return dataSource;
	}

	@Override
	public String toString() {
		return HOST + ":" + this.port;
	}

}
