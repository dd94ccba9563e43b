/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class QueueHealthReportTests {

	@Test
	void keepsErrorsInTheirOrder() {
		List<String> queues = List.of("orders", "payments", "a", "zebra", "mail", "stock", "ticks", "clicks");
		Map<String, String> errors = new LinkedHashMap<>();
		queues.forEach((queue) -> errors.put(queue, "it is wrong"));
		QueueHealthReport report = new QueueHealthReport(List.of(), List.of(), errors);
		assertThat(report.errors().keySet()).containsExactlyElementsOf(queues);
		errors.clear();
		assertThat(report.errors()).as("a copy").hasSize(8);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> report.errors().clear());
	}

}
