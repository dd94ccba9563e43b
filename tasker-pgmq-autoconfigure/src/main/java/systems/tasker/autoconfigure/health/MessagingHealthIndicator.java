/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import systems.tasker.messaging.MessagingService;

/**
 * Health of messaging: that of the database behind it, or switched off.
 */
final class MessagingHealthIndicator implements HealthIndicator {

	private final MessagingService messagingService;

	private final ObjectProvider<DatabaseHealthIndicator> pgmqDatabase;

	MessagingHealthIndicator(MessagingService messagingService, ObjectProvider<DatabaseHealthIndicator> pgmqDatabase) {
		this.messagingService = messagingService;
		this.pgmqDatabase = pgmqDatabase;
	}

	@Override
	public Health health() {
		DatabaseHealthIndicator database = this.pgmqDatabase.getIfAvailable();
		Status status = (database != null) ? database.health().getStatus() : new Status("DISABLED");
		return Health.status(status).withDetail("provider", this.messagingService.providerName()).build();
	}

}
