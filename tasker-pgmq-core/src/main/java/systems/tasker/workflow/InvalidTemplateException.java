/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.io.Serial;

/**
 * Another program stored a template that cannot be used. The message says which, and what
 * is wrong with it; it is no error of the caller.
 */
public final class InvalidTemplateException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	InvalidTemplateException(String namespace, String name, String version, Throwable cause) {
		super("Task template %s/%s %s cannot be used as it is stored: %s".formatted(namespace, name, version,
				cause.getMessage()), cause);
	}

}
