/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.springframework.boot.jdbc.DataSourceUnwrapper;

/**
 * The threads of a HikariCP pool, which can be told that the database is back. The one
 * that opens connections pauses between its attempts, up to five seconds in the end: by
 * itself it would let callers time out on a database that answers.
 */
public final class PoolThreads implements ThreadFactory {

	private final String name;

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	PoolThreads(String name) {
		this.name = name;
	}

	/**
	 * Make the pool of a DataSource forget an outage: replace the connections it has, of
	 * which each may be dead without anyone knowing yet, and begin at once.
	 * @param dataSource the DataSource; nothing happens when it has no HikariCP pool
	 */
	public static void reconnect(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariDataSource.class);
		HikariPoolMXBean connections = (pool != null) ? pool.getHikariPoolMXBean() : null;
		if (pool == null || connections == null) {
			return;
		}
		if (pool.getThreadFactory() instanceof PoolThreads poolThreads) {
			// Ends the pause, or the attempt that hangs. The others do not mind.
			poolThreads.threads.forEach(Thread::interrupt);
		}
		connections.softEvictConnections();
	}

	@Override
	public Thread newThread(Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		}, this.name + "-pool");
		thread.setDaemon(true);
		this.threads.add(thread);
		return thread;
	}

}
