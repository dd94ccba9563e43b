/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.HealthReport;
import systems.tasker.messaging.MessagingService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code healthCheck} and {@code providerName} promise while the broker is there.
 */
abstract class HealthCheckContract extends MessagingContract {

	HealthCheckContract(MessagingService service) {
		super(service);
	}

	@Test
	void reportsThatTheBrokerAnswers() {
		HealthReport report = this.service.healthCheck();
		assertThat(report.healthy()).isTrue();
		assertThat(report.responseTime()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
		assertThat(report.detail()).isNull();
	}

	@Test
	void providerHasANameThatFitsAMetricTag() {
		assertThat(this.service.providerName()).matches("[a-z][a-z0-9_]*");
	}

}
