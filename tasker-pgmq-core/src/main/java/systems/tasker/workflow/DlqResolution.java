/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

/**
 * How an entry of the DLQ was closed.
 */
public enum DlqResolution {

	/** An operator repaired what was wrong. */
	MANUALLY_RESOLVED,

	/** It will never be done. */
	PERMANENTLY_FAILED,

	/** It need not be done. */
	CANCELLED;

	String sqlName() {
		return SqlNames.of(this);
	}

}
