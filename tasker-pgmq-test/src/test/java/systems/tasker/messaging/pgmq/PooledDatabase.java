/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

/**
 * A database behind a pool, so that racers start with a connection in their hands.
 */
final class PooledDatabase implements AutoCloseable {

	// Two for each of twenty racers: the caller's transaction, and that of a receive.
	private static final int CONNECTIONS = 45;

	private final TestDatabase database;

	private final HikariDataSource pool = new HikariDataSource();

	private PooledDatabase(TestDatabase database) {
		this.database = database;
		this.pool.setDataSource(database.dataSource());
		this.pool.setMinimumIdle(0);
		this.pool.setMaximumPoolSize(CONNECTIONS);
	}

	static PooledDatabase withExtension() {
		return new PooledDatabase(TaskerPostgres.shared().createDatabase());
	}

	static PooledDatabase withSql() {
		TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
		try (Connection connection = database.dataSource().getConnection()) {
			new PgmqInstaller(Mode.SQL).install(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		Flyway.configure()
			.dataSource(database.dataSource())
			.locations("classpath:" + MigrationSet.PGMQ.location())
			.defaultSchema(MigrationSet.PGMQ.schema())
			.load()
			.migrate();
		return new PooledDatabase(database);
	}

	DataSource dataSource() {
		return this.pool;
	}

	MessagingService service() {
		return new PgmqMessagingService(this.pool, new JacksonMessageSerializer(), 1024 * 1024);
	}

	/**
	 * The same, each call within a transaction of its caller on some database.
	 * @param tasker the database of the transactions
	 * @return the service
	 */
	MessagingService serviceInTransactionOn(DataSource tasker) {
		MessagingService service = service();
		TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(tasker));
		return (MessagingService) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { MessagingService.class },
				(proxy, method, arguments) -> transaction.execute((status) -> {
					try {
						return method.invoke(service, arguments);
					}
					catch (InvocationTargetException ex) {
						throw (RuntimeException) ex.getTargetException();
					}
					catch (IllegalAccessException ex) {
						throw new IllegalStateException(ex);
					}
				}));
	}

	List<MessageId> archived(String queue) {
		return JdbcClient.create(this.pool)
			.sql("select msg_id from pgmq.a_%s order by archived_at".formatted(queue))
			.query(Long.class)
			.list()
			.stream()
			.map(MessageId::new)
			.toList();
	}

	@Override
	public void close() {
		this.pool.close();
		this.database.close();
	}

}
