/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.Objects;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.MessagingService;

/**
 * Health of messaging as its provider reports it, within a second.
 */
final class MessagingHealthIndicator implements HealthIndicator {

	private final MessagingService messagingService;

	private final Status outage;

	private final BoundedProbe<HealthReport> probe;

	MessagingHealthIndicator(MessagingService messagingService, Status outage, HealthProbes probes) {
		this.messagingService = messagingService;
		this.outage = outage;
		this.probe = probes.create("messaging-health", messagingService::healthCheck);
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up().withDetail("provider", this.messagingService.providerName());
		try {
			HealthReport report = this.probe.ask();
			if (!report.healthy()) {
				health.status(this.outage).withDetail("reason", Objects.requireNonNullElse(report.detail(), "unknown"));
			}
		}
		catch (Exception ex) {
			health.status(this.outage).withException(ex);
		}
		return health.build();
	}

}
