/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.SQLException;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionTimedOutException;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.messaging.MissingDatabaseFunctionException;
import systems.tasker.messaging.QueueNotFoundException;
import systems.tasker.messaging.UncategorizedMessagingException;

/**
 * Tells errors of the database apart, by SQLSTATE and class and never by message: the
 * text depends on the language of the server.
 */
final class PgmqExceptionTranslator {

	private static final String UNDEFINED_TABLE = "42P01";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String PROGRAM_LIMIT_EXCEEDED = "54000";

	private static final String READ_ONLY_TRANSACTION = "25006";

	private static final String FAILED_TRANSACTION = "25P02";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private static final Set<String> MISSING_SCHEMA_OR_FUNCTION = Set.of("3F000", "42883");

	// The server ends the session of a transaction that idles or lasts for too long. The
	// database is well, so this is no outage for whoever counts them.
	private static final Set<String> TRANSACTION_ENDED = Set.of("25P03", "25P04");

	// No JSON, characters that it cannot hold, a number that is too large, too deep.
	private static final Set<String> UNSTORABLE = Set.of("22P02", "22P05", "22021", "22003", "54001");

	private PgmqExceptionTranslator() {
	}

	static MessagingException translate(QueueOperation operation, @Nullable String queue, Exception ex) {
		SQLException cause = findSqlException(ex);
		String state = (cause != null && cause.getSQLState() != null) ? cause.getSQLState() : "";
		String failure = operation.failure(queue);
		String stateText = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
		if (DatabaseAvailability.isOutage(ex)) {
			return new MessagingUnavailableException(failure + ": the database is not available" + stateText, ex);
		}
		if (ex instanceof TransactionTimedOutException || TRANSACTION_ENDED.contains(state)) {
			return new MessagingUnavailableException(failure + ": the time of the transaction is over" + stateText, ex);
		}
		if (state.equals(UNDEFINED_TABLE) && queue != null && operation != QueueOperation.CREATE) {
			return (operation == QueueOperation.ARCHIVE)
					? new QueueNotFoundException(queue,
							"Queue \"" + queue
									+ "\" or its archive does not exist; ensureQueue creates what is missing",
							ex)
					: new QueueNotFoundException(queue, ex);
		}
		String function = operation.function();
		if (function != null && MISSING_SCHEMA_OR_FUNCTION.contains(state)) {
			return new MissingDatabaseFunctionException(failure, function, ex);
		}
		if (state.equals(UNDEFINED_TABLE) || MISSING_SCHEMA_OR_FUNCTION.contains(state)) {
			return new UncategorizedMessagingException(failure + ": PGMQ or the tasker_pgmq functions "
					+ "are not installed in the database, or PGMQ is older than 1.5.1" + stateText, false, ex);
		}
		if (operation == QueueOperation.SEND && UNSTORABLE.contains(state)) {
			return new MessageSerializationException(
					failure + ": payload or headers are not JSON that PostgreSQL can store" + stateText, ex);
		}
		return new UncategorizedMessagingException(failure + reason(state) + stateText, isRetryable(state), ex);
	}

	private static @Nullable SQLException findSqlException(Throwable ex) {
		for (Throwable candidate = ex; candidate != null; candidate = candidate.getCause()) {
			if (candidate instanceof SQLException found) {
				return found;
			}
		}
		return null;
	}

	private static String reason(String state) {
		return switch (state) {
			case PROGRAM_LIMIT_EXCEEDED -> ": the server has too many notifications that a session which listens "
					+ "has not read, or a value is above a limit of PostgreSQL";
			case READ_ONLY_TRANSACTION -> ": the transaction is read-only, or the server is a standby";
			case FAILED_TRANSACTION -> ": an earlier statement of the transaction failed, it can only be rolled back";
			case INSUFFICIENT_PRIVILEGE ->
				": the role lacks a right, section \"Rights\" of migrations/README.md lists those it needs";
			default -> "";
		};
	}

	// Class 40: serialization failures and deadlocks.
	private static boolean isRetryable(String state) {
		return state.startsWith("40") || state.equals(LOCK_NOT_AVAILABLE) || state.equals(PROGRAM_LIMIT_EXCEEDED);
	}

}
