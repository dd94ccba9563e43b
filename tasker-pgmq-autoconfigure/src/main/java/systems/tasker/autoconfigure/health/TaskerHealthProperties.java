/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the health contributors.
 *
 * @param pgmqOutageStatus what an outage of the PGMQ database means for the application:
 * "degraded" leaves it in service, "down" takes it out
 */
@ConfigurationProperties("tasker.health")
public record TaskerHealthProperties(@DefaultValue("degraded") PgmqOutageStatus pgmqOutageStatus) {

	/**
	 * What an outage of the PGMQ database means.
	 */
	public enum PgmqOutageStatus {

		/** The application works on, without messages. */
		DEGRADED,

		/** The application is nothing without messages. */
		DOWN

	}

}
