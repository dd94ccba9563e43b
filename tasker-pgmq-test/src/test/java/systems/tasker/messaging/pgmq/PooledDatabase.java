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
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.database.MigrationSet;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.pgmq.PgmqInstaller.Mode;
import systems.tasker.messaging.support.MessageCodec;
import systems.tasker.test.OldPgmq;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A database behind a pool, so that racers start with a connection in their hands. The
 * sessions are of a plain owner and share neither {@code search_path} nor time zone with
 * us.
 */
final class PooledDatabase implements AutoCloseable {

	// Two for each of twenty racers: the caller's transaction, and that of a receive.
	private static final int CONNECTIONS = 45;

	private static final String TIME_ZONE = "America/New_York";

	private static final long MAX_MESSAGE_BYTES = 1024 * 1024;

	private static final MessageSerializer SERIALIZER = new JacksonMessageSerializer();

	private final TestDatabase database;

	private final HikariDataSource pool = new HikariDataSource();

	private PooledDatabase(TestDatabase database) {
		this.database = database;
		this.pool.setDataSource(database.dataSource());
		this.pool.setMinimumIdle(0);
		this.pool.setMaximumPoolSize(CONNECTIONS);
		// The driver overrides the zone of the database with that of the JVM.
		this.pool.setConnectionInitSql("set time zone '" + TIME_ZONE + "'");
		requireForeignSession();
	}

	static PooledDatabase withExtension() {
		TestDatabase database = TaskerPostgres.shared().createDatabase();
		emptySearchPath(database);
		return new PooledDatabase(database);
	}

	static PooledDatabase withSql() {
		return withPgmq((database) -> {
			try (Connection connection = database.dataSource().getConnection()) {
				new PgmqInstaller(Mode.SQL).install(connection);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	static PooledDatabase with(OldPgmq version) {
		return withPgmq(version::install);
	}

	private static PooledDatabase withPgmq(Consumer<TestDatabase> installation) {
		TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
		emptySearchPath(database);
		installation.accept(database);
		Flyway.configure()
			.dataSource(database.dataSource())
			.locations("classpath:" + MigrationSet.PGMQ.location())
			.defaultSchema(MigrationSet.PGMQ.schema())
			.load()
			.migrate();
		return new PooledDatabase(database);
	}

	private static void emptySearchPath(TestDatabase database) {
		JdbcClient.create(database.superuserDataSource())
			.sql("alter role %s in database %s set search_path = ''".formatted(database.username(), database.name()))
			.update();
	}

	private void requireForeignSession() {
		assertThat(JdbcClient.create(this.pool).sql("""
				select current_setting('search_path') as path, current_setting('TimeZone') as zone,
					current_setting('is_superuser') as superuser""").query().singleRow()).containsEntry("path", "\"\"")
			.containsEntry("zone", TIME_ZONE)
			.containsEntry("superuser", "off");
	}

	DataSource dataSource() {
		return this.pool;
	}

	MessagingService service() {
		return new PgmqMessagingService(this.pool, SERIALIZER, MAX_MESSAGE_BYTES);
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

	List<QueuedMessage<Object>> archived(String queue) {
		MessageCodec codec = new MessageCodec(SERIALIZER, MAX_MESSAGE_BYTES);
		return JdbcClient.create(this.pool)
			.sql("select * from pgmq.a_%s order by archived_at".formatted(queue))
			.query((row, index) -> {
				MessageId id = new MessageId(row.getLong("msg_id"));
				return new QueuedMessage<>(queue, id, MessageHandle.of(queue, id), row.getInt("read_ct"),
						row.getTimestamp("enqueued_at").toInstant(), row.getTimestamp("vt").toInstant(),
						codec.decodeHeaders(row.getString("headers")),
						codec.decode(row.getString("message"), Object.class));
			})
			.list();
	}

	@Override
	public void close() {
		this.pool.close();
		this.database.close();
	}

}
