/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;

import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.UncategorizedMessagingException;

import static org.assertj.core.api.Assertions.assertThat;

class PgmqExceptionTranslatorTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			# operation, SQLSTATE, exception,                       retryable
			SEND,        08000,    MessagingUnavailableException,   true
			SEND,        08006,    MessagingUnavailableException,   true
			RECEIVE,     53300,    MessagingUnavailableException,   true
			SETTLE,      57P01,    MessagingUnavailableException,   true
			SETTLE,      57P05,    MessagingUnavailableException,   true
			RECEIVE,     57014,    MessagingUnavailableException,   true
			CREATE,      08001,    MessagingUnavailableException,   true
			SEND,        42P01,    QueueNotFoundException,          false
			RECEIVE,     42P01,    QueueNotFoundException,          false
			SETTLE,      42P01,    QueueNotFoundException,          false
			INSPECT,     42P01,    QueueNotFoundException,          false
			CREATE,      42P01,    UncategorizedMessagingException, false
			SEND,        3F000,    UncategorizedMessagingException, false
			RECEIVE,     42883,    UncategorizedMessagingException, false
			SEND,        42883,    UncategorizedMessagingException, false
			RECEIVE_DUE, 42883,    MissingDatabaseFunctionException, false
			RECEIVE_BY_ID, 3F000,  MissingDatabaseFunctionException, false
			RECEIVE_BY_ID, 42P01,  QueueNotFoundException,          false
			SEND,        22P02,    MessageSerializationException,   false
			SEND,        22P05,    MessageSerializationException,   false
			SEND,        22021,    MessageSerializationException,   false
			SEND,        22003,    MessageSerializationException,   false
			SEND,        54001,    MessageSerializationException,   false
			SEND,        54000,    UncategorizedMessagingException, true
			SETTLE,      54000,    UncategorizedMessagingException, true
			SEND,        54011,    UncategorizedMessagingException, false
			SEND,        22023,    UncategorizedMessagingException, false
			SEND,        22008,    UncategorizedMessagingException, false
			SEND,        25P03,    MessagingUnavailableException,   true
			SETTLE,      25P04,    MessagingUnavailableException,   true
			RECEIVE,     22P02,    UncategorizedMessagingException, false
			SETTLE,      40001,    UncategorizedMessagingException, true
			SEND,        40P01,    UncategorizedMessagingException, true
			CREATE,      55P03,    UncategorizedMessagingException, true
			SEND,        42501,    UncategorizedMessagingException, false
			SEND,        25006,    UncategorizedMessagingException, false
			SEND,        25P02,    UncategorizedMessagingException, false
			SEND,        57000,    UncategorizedMessagingException, false
			SEND,        23505,    UncategorizedMessagingException, false
			""")
	void tellsErrorsApartBySqlState(QueueOperation operation, String state, String exception, boolean retryable) {
		SQLException cause = new SQLException("text in any language", state);
		MessagingException translated = PgmqExceptionTranslator.translate(operation, "orders", cause);
		assertThat(translated.getClass().getSimpleName()).isEqualTo(exception);
		assertThat(translated.isRetryable()).isEqualTo(retryable);
		assertThat(translated).hasMessageContaining("\"orders\"").hasCause(cause);
	}

	@Test
	void saysWhereTheRightsOfARoleAreListed() {
		assertThat(translate(new SQLException("no right", "42501"))).hasMessageContaining("the role lacks a right")
			.hasMessageContaining("migrations/README.md")
			.hasMessageContaining("42501");
	}

	@Test
	void saysThatATransactionCanOnlyBeRolledBack() {
		assertThat(translate(new SQLException("aborted", "25P02"))).hasMessage("Cannot send to queue \"orders\": "
				+ "an earlier statement of the transaction failed, it can only be rolled back (SQLSTATE 25P02)");
	}

	@Test
	void findsTheSqlStateInExceptionsOfSpring() {
		SQLException cause = new SQLException("no table", "42P01");
		assertThat(translate(new UncategorizedSQLException("send", "select 1", cause)))
			.isInstanceOfSatisfying(QueueNotFoundException.class, (ex) -> assertThat(ex.queue()).isEqualTo("orders"));
	}

	@Test
	void takesFailureToConnectForUnavailabilityWhateverTheSqlState() {
		assertThat(translate(new CannotGetJdbcConnectionException("no", new SQLException("closed"))))
			.isInstanceOf(MessagingUnavailableException.class);
		assertThat(translate(new SQLTransientConnectionException("pool exhausted", "28P01")))
			.isInstanceOf(MessagingUnavailableException.class);
		assertThat(translate(new SQLTimeoutException("slow"))).isInstanceOf(MessagingUnavailableException.class);
	}

	@Test
	void keepsErrorsWithoutSqlStateUncategorized() {
		assertThat(translate(new SQLException("no state"))).isInstanceOf(UncategorizedMessagingException.class)
			.hasMessage("Cannot send to queue \"orders\"");
		assertThat(translate(new DataRetrievalFailureException("no cause")))
			.isInstanceOf(UncategorizedMessagingException.class);
	}

	@Test
	void blamesAMissingTableOnPgmqWhenNoSingleQueueIsConcerned() {
		MessagingException translated = PgmqExceptionTranslator.translate(QueueOperation.INSPECT, null,
				new SQLException("no pgmq.meta", "42P01"));
		assertThat(translated).isInstanceOf(UncategorizedMessagingException.class)
			.hasMessageContaining("not installed")
			.hasMessageContaining("(SQLSTATE 42P01)");
	}

	private MessagingException translate(Exception ex) {
		return PgmqExceptionTranslator.translate(QueueOperation.SEND, "orders", ex);
	}

}
