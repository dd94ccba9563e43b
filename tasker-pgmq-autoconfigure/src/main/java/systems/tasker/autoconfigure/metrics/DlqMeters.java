/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import systems.tasker.autoconfigure.workflow.DlqSweeper;
import systems.tasker.workflow.StaleTaskAction;

/**
 * Meters of the DLQ and its sweeper. A scrape reads what the sweeper has found out.
 */
final class DlqMeters implements MeterBinder {

	private final DlqSweeper sweeper;

	DlqMeters(DlqSweeper sweeper) {
		this.sweeper = sweeper;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("tasker.dlq.open", this.sweeper, (source) -> value(source.openEntries()))
			.description("Entries of the DLQ that are open")
			.register(registry);
		for (StaleTaskAction action : StaleTaskAction.values()) {
			FunctionCounter.builder("tasker.dlq.swept", this.sweeper, (source) -> source.swept(action))
				.description("Stale tasks that were found")
				.tag("action", action.sqlName())
				.register(registry);
		}
		for (DlqSweeper.Outcome outcome : DlqSweeper.Outcome.values()) {
			FunctionTimer
				.builder("tasker.dlq.sweep", this.sweeper, (source) -> source.sweepCount(outcome),
						(source) -> source.sweepTime(outcome).toNanos(), TimeUnit.NANOSECONDS)
				.description("Sweeps for stale tasks")
				.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
	}

	private static double value(OptionalLong count) {
		return count.isPresent() ? count.getAsLong() : Double.NaN;
	}

}
