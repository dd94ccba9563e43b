/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

/**
 * What to do with the schema of a database at start.
 */
public enum MigrationMode {

	/** Bring the schema up to date. */
	MIGRATE,

	/** Fail when the schema is behind, change nothing. */
	VALIDATE,

	/** Do not look at the schema. */
	NONE

}
