/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messaging.JacksonMessageSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What others hear of messages that are sent in the caller's transaction, notifications
 * being coalesced. Closing the service announces all that is marked, so that what is not
 * heard after it was not marked.
 */
class TransactionNotificationIntegrationTests {

	@AutoClose
	private static MessagingFixture fixture;

	private final String queue = fixture.newQueue();

	private final DataSourceTransactionManager manager = new DataSourceTransactionManager(fixture.dataSource());

	private final TransactionTemplate transaction = new TransactionTemplate(this.manager);

	private final PgmqMessagingService service = new PgmqMessagingService(fixture.dataSource(),
			new PgmqMessagingSettings(new JacksonMessageSerializer(), 1024).withNotifications(NotifyMode.COALESCED,
					Duration.ofMillis(5)));

	private NotificationListener listener;

	@BeforeAll
	static void createDatabase() {
		fixture = new MessagingFixture();
	}

	@BeforeEach
	void listen() throws SQLException {
		this.listener = new NotificationListener(fixture.dataSource());
	}

	@AfterEach
	void close() throws SQLException {
		this.service.close();
		this.listener.close();
	}

	@Test
	void transactionIsAnnouncedOnceItHasCommitted() throws SQLException {
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			this.service.sendBatch(this.queue, List.of(2, 3));
			assertThat(heardOfAnother()).isEmpty();
		});
		assertThat(this.listener.awaitMessages(4)).hasSize(2);
		assertThatIsHeard(1, 2, 3);
	}

	@Test
	void rollbackIsNotAnnounced() {
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			status.setRollbackOnly();
		});
		assertThatIsHeard();
	}

	@Test
	void rollbackToASavepointIsNotAnnounced() {
		TransactionTemplate nested = new TransactionTemplate(this.manager);
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			nested.executeWithoutResult((savepoint) -> {
				send(2);
				nested.executeWithoutResult((inner) -> send(3));
				savepoint.setRollbackOnly();
			});
			send(4);
			nested.executeWithoutResult((savepoint) -> {
				send(5);
				nested.executeWithoutResult((inner) -> {
					send(6);
					inner.setRollbackOnly();
				});
			});
		});
		assertThatIsHeard(1, 4, 5);
	}

	@Test
	void rollbackToASavepointBeforeTheFirstMessageIsNotAnnounced() {
		this.transaction.executeWithoutResult((status) -> {
			Object savepoint = status.createSavepoint();
			send(1);
			status.createSavepoint();
			send(2);
			status.rollbackToSavepoint(savepoint);
			send(3);
			status.rollbackToSavepoint(savepoint);
			send(4);
		});
		assertThatIsHeard(4);
	}

	@Test
	void innerTransactionIsAnnouncedApartFromTheOuterOne() {
		TransactionTemplate inner = new TransactionTemplate(this.manager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			inner.executeWithoutResult((innerStatus) -> send(2));
			inner.executeWithoutResult((innerStatus) -> {
				send(3);
				innerStatus.setRollbackOnly();
			});
			send(4);
			status.setRollbackOnly();
		});
		assertThatIsHeard(2);
	}

	@Test
	void transactionWithoutSynchronizationIsAnnounced() {
		this.manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			assertThat(heardOfAnother()).isEmpty();
		});
		this.transaction.executeWithoutResult((status) -> {
			send(2);
			status.setRollbackOnly();
		});
		assertThatIsHeard(1);
	}

	@Test
	void transactionInsideOneOnAnotherDatabaseIsAnnouncedWhenItCommitsItself() {
		assertThatIsAnnouncedInside(new DataSourceTransactionManager(fixture.database().dataSource()));
	}

	@Test
	void transactionInsideOneOfAnotherBrokerIsAnnouncedWhenItCommitsItself() {
		assertThatIsAnnouncedInside(new OtherBroker());
	}

	private void assertThatIsAnnouncedInside(PlatformTransactionManager outer) {
		TransactionTemplate other = new TransactionTemplate(outer);
		other.executeWithoutResult((status) -> {
			this.transaction.executeWithoutResult((inner) -> send(1));
			status.setRollbackOnly();
		});
		other.executeWithoutResult((status) -> this.transaction.executeWithoutResult((inner) -> {
			send(2);
			inner.setRollbackOnly();
		}));
		assertThatIsHeard(1);
	}

	@Test
	void connectionThatIsBoundWithoutATransactionIsAnnounced() {
		TransactionTemplate supports = new TransactionTemplate(this.manager);
		supports.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
		assertThatIllegalStateException().isThrownBy(() -> supports.executeWithoutResult((status) -> {
			JdbcClient.create(fixture.dataSource()).sql("select 1").query().singleRow();
			send(1);
			throw new IllegalStateException("after the message was sent");
		}));
		assertThatIsHeard(1);
	}

	@Test
	void messageThatIsSentAfterTheCommitIsAnnounced() {
		PlatformTransactionManager another = new DataSourceTransactionManager(fixture.dataSource());
		this.transaction.executeWithoutResult((status) -> {
			send(1);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					TransactionTemplate independent = new TransactionTemplate(another);
					independent.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
					independent.executeWithoutResult((later) -> send(2));
				}

				@Override
				public void afterCompletion(int status) {
					send(3);
				}

			});
		});
		assertThatIsHeard(1, 2, 3);
	}

	@Test
	void failureAfterTheCommitDoesNotHideTheMessages() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					throw new IllegalStateException("after the commit");
				}

			});
			send(1);
		}));
		assertThatIsHeard(1);
	}

	@Test
	void nothingStaysBehindInTheThread() {
		this.transaction.executeWithoutResult((status) -> send(1));
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
	}

	private void send(int message) {
		this.service.sendMessage(this.queue, message);
	}

	/**
	 * What was heard when a message of another queue, sent by another thread, was.
	 */
	private List<Long> heardOfAnother() {
		String other = fixture.newQueue();
		Thread sender = new Thread(() -> this.service.sendMessage(other, 0));
		sender.start();
		try {
			sender.join();
			return NotificationListener.ids(this.listener
				.await((payloads) -> payloads.stream().anyMatch((payload) -> isAbout(other, payload.toString())))
				.stream()
				.filter((payload) -> isAbout(this.queue, payload.toString()))
				.toList());
		}
		catch (InterruptedException | SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isAbout(String queue, String payload) {
		return payload.contains("\"" + queue + "\"");
	}

	/**
	 * Ids are not given back by a rollback, so they are the numbers of the messages.
	 */
	private void assertThatIsHeard(Integer... messages) {
		this.service.close();
		try {
			assertThat(NotificationListener.ids(this.listener.heardUntilNow()
				.stream()
				.filter((payload) -> isAbout(this.queue, payload.toString()))
				.toList())).extracting(Long::intValue).containsExactlyInAnyOrder(messages);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Begins and ends transactions as the managers of other brokers do.
	 */
	private static final class OtherBroker extends AbstractPlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		@Override
		protected Object doGetTransaction() {
			return this;
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			ResourceHolderSupport session = new ResourceHolderSupport() {
			};
			session.setSynchronizedWithTransaction(true);
			TransactionSynchronizationManager.bindResource(transaction, session);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			TransactionSynchronizationManager.unbindResource(transaction);
		}

	}

}
