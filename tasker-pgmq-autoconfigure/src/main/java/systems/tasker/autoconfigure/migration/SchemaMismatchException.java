/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;

/**
 * Thrown when a schema is not at the version this application was built for.
 */
class SchemaMismatchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean newer;

	SchemaMismatchException(boolean newer, String message) {
		super(message);
		this.newer = newer;
	}

	/*
	 * Flyway lets a schema be newer. An application that does not know what has become of
	 * its tables must not write to them unless somebody says so.
	 */
	static void throwIfNewer(MigrationInfoService migrations) {
		List<String> unknown = names(migrations, (migration) -> migration.getState() == MigrationState.FUTURE_SUCCESS
				|| migration.getState() == MigrationState.FUTURE_FAILED);
		if (!unknown.isEmpty()) {
			List<String> known = names(migrations,
					(migration) -> migration.isVersioned() && migration.getState().isResolved());
			throw new SchemaMismatchException(true, "the schema is at version " + last(unknown)
					+ ", and the last this application knows is version " + last(known));
		}
	}

	static void throwIfBehind(MigrationInfoService migrations) {
		List<String> pending = Arrays.stream(migrations.pending()).map(MigrationInfo::getScript).toList();
		if (!pending.isEmpty()) {
			throw new SchemaMismatchException(false, "these migrations are not applied: " + String.join(", ", pending));
		}
	}

	private static List<String> names(MigrationInfoService migrations, Predicate<MigrationInfo> filter) {
		return Arrays.stream(migrations.all())
			.filter(filter)
			.map((migration) -> migration.getVersion() + " (" + migration.getDescription() + ")")
			.toList();
	}

	private static String last(List<String> names) {
		return names.get(names.size() - 1);
	}

	boolean isNewer() {
		return this.newer;
	}

}
