/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.util.Locale;

/**
 * The names of enum constants in the database: the same in lower case.
 */
final class SqlNames {

	private SqlNames() {
	}

	static String of(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	static <E extends Enum<E>> E parse(Class<E> type, String sqlName) {
		return Enum.valueOf(type, sqlName.toUpperCase(Locale.ROOT));
	}

}
