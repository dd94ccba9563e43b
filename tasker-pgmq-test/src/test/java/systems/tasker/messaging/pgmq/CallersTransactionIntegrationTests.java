/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messaging.CrossDatabaseSendException;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.QueuedMessage;
import systems.tasker.messaging.support.CrossDatabaseSends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which of the connections that Spring has bound to a thread are in a transaction that
 * somebody will commit: calls on any other connection would be lost when connections come
 * with autocommit off.
 */
class CallersTransactionIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@AutoClose
	private static MessagingFixture fixture;

	@AutoClose
	private static HikariDataSource manual;

	@AutoClose
	private static HikariDataSource automatic;

	private final String queue = fixture.newQueue();

	private final MessagingService service = MessagingFixture.service(manual);

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
		manual = pool(false);
		automatic = pool(true);
	}

	@ParameterizedTest
	@EnumSource
	void sendIsCommittedWhereNobodyElseCommits(Scope scope) {
		scope.run(manual, () -> {
			this.service.sendMessage(this.queue, 1);
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isOne();
		});
		assertThat(fixture.count("q_" + this.queue)).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void settlingIsCommittedWhereNobodyElseCommits(Scope scope) {
		this.service.sendBatch(this.queue, List.of(1, 2, 3));
		List<QueuedMessage<Integer>> messages = this.service.receiveMessages(this.queue, Integer.class, 3, MINUTE);
		scope.run(manual, () -> {
			this.service.ackMessage(this.queue, messages.get(0).handle());
			this.service.nackMessage(this.queue, messages.get(1).handle(), false);
			this.service.nackMessage(this.queue, messages.get(2).handle(), Duration.ZERO);
		});
		assertThat(fixture.count("a_" + this.queue)).isOne();
		assertThat(this.service.receiveMessages(this.queue, Integer.class, 3, MINUTE))
			.extracting(QueuedMessage::payload)
			.containsExactly(3);
	}

	@ParameterizedTest
	@EnumSource
	void transactionThatBeginsThereIsJoined(Scope scope) {
		TransactionTemplate independent = transaction(manual);
		independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		scope.run(manual, () -> independent.executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isZero();
			status.setRollbackOnly();
		}));
		assertThat(fixture.count("q_" + this.queue)).isZero();
	}

	@Test
	void errorInANestedTransactionLeavesTheOuterOneAlone() {
		MessagingService joining = MessagingFixture.service(automatic);
		TransactionTemplate outer = transaction(automatic);
		TransactionTemplate nested = transaction(automatic);
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		outer.executeWithoutResult((status) -> {
			joining.sendMessage(this.queue, 1);
			assertThatExceptionOfType(QueueNotFoundException.class)
				.isThrownBy(() -> nested.executeWithoutResult((savepoint) -> joining.sendMessage("is_not_there", 2)));
			joining.sendMessage(this.queue, 3);
		});
		assertThat(this.service.receiveMessages(this.queue, Integer.class, 3, MINUTE))
			.extracting(QueuedMessage::payload)
			.containsExactly(1, 3);
	}

	@ParameterizedTest
	@EnumSource
	void sendIsCommittedAlsoAfterAnotherTransactionThere(Scope scope) {
		TransactionTemplate independent = transaction(manual);
		independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		scope.run(manual, () -> {
			independent.executeWithoutResult((status) -> this.service.sendMessage(this.queue, 1));
			this.service.sendMessage(this.queue, 2);
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isEqualTo(2);
		});
		assertThat(fixture.count("q_" + this.queue)).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void transactionOnTheQueuesInsideACallbackOfAnotherIsJoined(Scope scope) {
		scope.run(automatic, () -> transaction(manual).executeWithoutResult((status) -> {
			this.service.sendMessage(this.queue, 1);
			assertThat(fixture.count("q_" + this.queue)).as("seen by others").isZero();
			status.setRollbackOnly();
		}));
		assertThat(fixture.count("q_" + this.queue)).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void crossDatabaseSendIsOneOnlyWhileTheOtherTransactionLasts(Scope scope) {
		CrossDatabaseSends refused = CrossDatabaseSends.refused(manual);
		scope.run(manual, () -> {
			refused.check(this.queue);
			this.service.sendMessage(this.queue, 1);
		});
		assertThat(fixture.count("q_" + this.queue)).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void crossDatabaseSendInATransactionOnTheQueuesAfterTheOtherCommitIsNone(Scope scope) {
		CrossDatabaseSends refused = CrossDatabaseSends.refused(automatic);
		scope.run(automatic, () -> transaction(manual).executeWithoutResult((status) -> {
			refused.check(this.queue);
			this.service.sendMessage(this.queue, 1);
		}));
		assertThat(fixture.count("q_" + this.queue)).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void crossDatabaseSendInATransactionThatBeginsThereIsOne(Scope scope) {
		CrossDatabaseSends refused = CrossDatabaseSends.refused(manual);
		TransactionTemplate independent = transaction(manual);
		independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		scope.run(manual, () -> assertThatExceptionOfType(CrossDatabaseSendException.class)
			.isThrownBy(() -> independent.executeWithoutResult((status) -> refused.check(this.queue))));
	}

	@ParameterizedTest
	@EnumSource
	void messageIsThereWhenItIsAnnounced(Scope scope) throws SQLException {
		PgmqMessagingSettings settings = new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024)
			.withNotifications(NotifyMode.COALESCED, Duration.ofMillis(1));
		try (PgmqMessagingService coalescing = new PgmqMessagingService(automatic, settings);
				NotificationListener listener = new NotificationListener(fixture.dataSource());
				Connection connection = fixture.dataSource().getConnection()) {
			List<Long> missing = new ArrayList<>();
			scope.run(automatic, () -> {
				coalescing.sendMessage(this.queue, 1);
				for (long id : heard(listener)) {
					if (!exists(connection, id)) {
						missing.add(id);
					}
				}
			});
			assertThat(missing).isEmpty();
			assertThat(NotificationListener.ids(listener.awaitMessages(1))).containsExactly(1L);
		}
	}

	/*
	 * It waits until the message is heard of, so that the transaction is still not
	 * cleaned up then.
	 */
	private static List<Long> heard(NotificationListener listener) {
		try {
			return NotificationListener.ids(listener.awaitMessages(1));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean exists(Connection connection, long id) {
		try (PreparedStatement statement = connection
			.prepareStatement("select 1 from pgmq.q_%s where msg_id = ?".formatted(this.queue))) {
			statement.setLong(1, id);
			try (ResultSet row = statement.executeQuery()) {
				return row.next();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HikariDataSource pool(boolean autoCommit) {
		HikariDataSource pool = new HikariDataSource();
		pool.setDataSource(fixture.dataSource());
		pool.setAutoCommit(autoCommit);
		pool.setMinimumIdle(0);
		pool.setMaximumPoolSize(4);
		return pool;
	}

	private static TransactionTemplate transaction(DataSource dataSource) {
		return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
	}

	/**
	 * Where a connection is bound and nobody will commit what is done on it.
	 */
	enum Scope {

		SUPPORTS {

			@Override
			void runChecked(DataSource dataSource, Runnable work) {
				TransactionTemplate supports = transaction(dataSource);
				supports.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
				supports.executeWithoutResult((status) -> {
					read(dataSource);
					work.run();
				});
			}

		},

		TRANSACTION_ON_ANOTHER_DATABASE {

			@Override
			void runChecked(DataSource dataSource, Runnable work) {
				transaction(fixture.database().dataSource()).executeWithoutResult((status) -> {
					read(dataSource);
					work.run();
				});
			}

		},

		AFTER_COMMIT {

			@Override
			void runChecked(DataSource dataSource, Runnable work) {
				transaction(dataSource).executeWithoutResult((status) -> {
					read(dataSource);
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCommit() {
							work.run();
						}

					});
				});
			}

		},

		AFTER_COMPLETION {

			@Override
			void runChecked(DataSource dataSource, Runnable work) {
				transaction(dataSource).executeWithoutResult((status) -> {
					read(dataSource);
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCompletion(int status) {
							work.run();
						}

					});
				});
			}

		},

		AFTER_ROLLBACK {

			@Override
			void runChecked(DataSource dataSource, Runnable work) {
				transaction(dataSource).executeWithoutResult((status) -> {
					read(dataSource);
					TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCompletion(int status) {
							work.run();
						}

					});
					status.setRollbackOnly();
				});
			}

		};

		/*
		 * What callbacks throw after the end of a transaction goes to the log only.
		 */
		void run(DataSource dataSource, Runnable work) {
			List<Throwable> failures = new ArrayList<>();
			List<String> runs = new ArrayList<>();
			runChecked(dataSource, () -> {
				runs.add(name());
				try {
					work.run();
				}
				catch (RuntimeException | AssertionError ex) {
					failures.add(ex);
				}
			});
			assertThat(failures).isEmpty();
			assertThat(runs).hasSize(1);
		}

		abstract void runChecked(DataSource dataSource, Runnable work);

		private static void read(DataSource dataSource) {
			JdbcClient.create(dataSource).sql("select 1").query().singleRow();
		}

	}

}
