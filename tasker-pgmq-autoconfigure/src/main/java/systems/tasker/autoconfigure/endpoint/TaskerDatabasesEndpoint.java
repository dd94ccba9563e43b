/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@link Endpoint @Endpoint} that tells how both databases are connected, guarded and
 * migrated. It answers within a second or so, whatever the state of the databases.
 */
@Endpoint(id = "taskerDatabases")
final class TaskerDatabasesEndpoint {

	private final String mode;

	private final DatabaseReport tasker;

	private final @Nullable DatabaseReport pgmq;

	TaskerDatabasesEndpoint(String mode, DatabaseReport tasker, @Nullable DatabaseReport pgmq) {
		this.mode = mode;
		this.tasker = tasker;
		this.pgmq = pgmq;
	}

	@ReadOperation
	TaskerDatabasesDescriptor databases() {
		Map<String, DatabaseDescriptor> databases = new LinkedHashMap<>();
		databases.put("tasker", this.tasker.describe());
		databases.put("pgmq", (this.pgmq != null) ? this.pgmq.describe() : DatabaseDescriptor.disabled());
		return new TaskerDatabasesDescriptor(this.mode, databases);
	}

	/**
	 * What the endpoint tells.
	 *
	 * @param mode single or split
	 * @param databases the databases by name
	 */
	record TaskerDatabasesDescriptor(String mode,
			Map<String, DatabaseDescriptor> databases) implements OperationResponseBody {

	}

}
