/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

import systems.tasker.database.PostgresUrl;

/**
 * Where the PGMQ database is. Without such a bean queues live in the Tasker database.
 */
public interface PgmqDatabaseConnectionDetails extends ConnectionDetails {

	/**
	 * Return the address.
	 * @return the address, credentials included
	 */
	PostgresUrl url();

}
