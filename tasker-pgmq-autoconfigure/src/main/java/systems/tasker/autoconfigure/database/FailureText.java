/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.sql.SQLException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/**
 * What went wrong with a database, in one text for logs, health and the endpoint. It
 * shows nothing of an address that may hold a password: drivers repeat what they could
 * not read.
 */
public final class FailureText {

	/** To the end of the line, for a password can hold a blank. */
	private static final Pattern JDBC_URL = Pattern.compile("(jdbc:[A-Za-z0-9]+:).*");

	private static final Pattern PASSWORD = Pattern.compile("(?i)(passw(?:or)?d|pwd)=[^&\\s]*");

	private static final Pattern USER_INFO = Pattern.compile("(?<=^|//|[\\s\"'(<])[^\\s\"'(<]*:[^\\s]*@");

	private FailureText() {
	}

	/**
	 * Return why something failed.
	 * @param failure the failure
	 * @return the message of its first cause, without passwords; when that is not the
	 * driver's but, say, of the network, then behind the message of the driver
	 */
	public static String of(Throwable failure) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		SQLException driver = driver(failure);
		if (driver == null || driver == root || driver.getMessage() == null) {
			return (root.getMessage() != null) ? readable(root.getMessage()) : root.getClass().getSimpleName();
		}
		String cause = (root.getMessage() != null) ? ": " + readable(root.getMessage()) : "";
		return "%s (%s%s)".formatted(readable(driver.getMessage()), root.getClass().getSimpleName(), cause);
	}

	// The deepest: pools wrap what the driver says.
	private static @Nullable SQLException driver(Throwable failure) {
		SQLException deepest = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex) {
				deepest = ex;
			}
		}
		return deepest;
	}

	// Flyway adds words about itself.
	private static String readable(String message) {
		return withoutSecrets(message.split("\n(\n|Need more flexibility)", 2)[0]);
	}

	/**
	 * Return a text without what may be a password in an address.
	 * @param text the text
	 * @return the text, with an ellipsis for what was left out
	 */
	public static String withoutSecrets(String text) {
		String result = JDBC_URL.matcher(text).replaceAll("$1…");
		result = PASSWORD.matcher(result).replaceAll("$1=…");
		return USER_INFO.matcher(result).replaceAll("…@");
	}

}
