/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import systems.tasker.autoconfigure.database.BoundedProbe;
import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.FailureText;
import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.MessagingService;

/**
 * Health of messaging as its provider reports it, within a second.
 */
final class MessagingHealthIndicator implements HealthIndicator {

	private final MessagingService messagingService;

	private final Supplier<Optional<String>> deferral;

	private final Status outage;

	private final Consumer<Health.Builder> details;

	private final BoundedProbe<HealthReport> probe;

	MessagingHealthIndicator(MessagingService messagingService, Supplier<Optional<String>> deferral, Status outage,
			Consumer<Health.Builder> details, BoundedProbes probes) {
		this.messagingService = messagingService;
		this.deferral = deferral;
		this.details = details;
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
			// The database may answer, and still not have what messages need.
			this.deferral.get().ifPresent((reason) -> health.status(this.outage).withDetail("reason", reason));
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			health.status(this.outage).withDetail("error", ex.getClass().getName() + ": " + FailureText.of(ex));
		}
		this.details.accept(health);
		return health.build();
	}

}
