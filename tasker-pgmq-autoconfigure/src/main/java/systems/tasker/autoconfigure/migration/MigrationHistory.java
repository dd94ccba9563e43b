/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of one database.
 *
 * @param applied what has been applied, in that order
 * @param pending what has not been applied yet, in the order it would be
 */
public record MigrationHistory(List<Migration> applied, List<Migration> pending) {

	static MigrationHistory of(MigrationInfoService info) {
		return new MigrationHistory(migrations(info.applied()), migrations(info.pending()));
	}

	// Flyway also notes that it has created the schema.
	private static List<Migration> migrations(MigrationInfo[] migrations) {
		return Stream.of(migrations)
			.filter((migration) -> migration.getType() != CoreMigrationType.SCHEMA)
			.map(Migration::of)
			.toList();
	}

	/**
	 * One migration.
	 *
	 * @param version the version, or {@code null} for one that is repeated when it
	 * changes
	 * @param description what it does
	 * @param installedOn when it was applied, or {@code null} when it is pending
	 */
	public record Migration(@Nullable String version, String description, @Nullable Instant installedOn) {

		private static Migration of(MigrationInfo info) {
			return new Migration((info.getVersion() != null) ? info.getVersion().toString() : null,
					info.getDescription(), instant(info.getInstalledOn()));
		}

		// A column without a time zone, written in UTC and read as if in ours.
		private static @Nullable Instant instant(@Nullable Date date) {
			return (date != null) ? new Timestamp(date.getTime()).toLocalDateTime().toInstant(ZoneOffset.UTC) : null;
		}

	}

}
