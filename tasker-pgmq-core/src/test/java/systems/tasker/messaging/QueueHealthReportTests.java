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
		Map<String, String> errors = new LinkedHashMap<>();
		for (char name = 'z'; name >= 'a'; name--) {
			errors.put(String.valueOf(name), "it is wrong");
		}
		QueueHealthReport report = new QueueHealthReport(List.of(), List.of(), errors);
		assertThat(report.errors().keySet()).startsWith("z", "y", "x").endsWith("b", "a").hasSize(26);
		errors.clear();
		assertThat(report.errors()).hasSize(26);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> report.errors().clear());
	}

}
