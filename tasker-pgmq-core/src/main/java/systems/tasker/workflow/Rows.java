/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Reads columns, and writes arrays, in the way of the Tasker database.
 */
final class Rows {

	private Rows() {
	}

	static UUID uuid(ResultSet row, String column) throws SQLException {
		return row.getObject(column, UUID.class);
	}

	static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
		return row.getObject(column, Integer.class);
	}

	// Columns have no zone and hold UTC.
	static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		LocalDateTime utc = row.getObject(column, LocalDateTime.class);
		return (utc != null) ? utc.toInstant(ZoneOffset.UTC) : null;
	}

	// Return the text of an array, for a parameter :uuids::uuid[].
	static String array(String argument, Collection<UUID> uuids) {
		return array(argument, uuids, UUID::toString);
	}

	// Likewise for what needs no quotes in an array.
	static <T> String array(String argument, Collection<T> values, Function<T, Object> element) {
		return Arguments.each(argument, values)
			.stream()
			.map(element)
			.map(String::valueOf)
			.collect(Collectors.joining(",", "{", "}"));
	}

}
