/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

import systems.tasker.autoconfigure.messaging.ArchiveRetention;
import systems.tasker.autoconfigure.messaging.QueueMonitor;
import systems.tasker.messaging.pgmq.QueueFigures;
import systems.tasker.messaging.pgmq.SnapshotAge;

/**
 * Meters of the queues themselves. A scrape reads what the background has found out. What
 * is not known is NaN, and so is a sum of which a part is not known.
 */
final class QueueGauges implements MeterBinder {

	private static final String QUEUE = "queue";

	private static final String SECONDS = "seconds";

	private final QueueMonitor monitor;

	private final ArchiveRetention retention;

	private final QueueLimit limit;

	private volatile Map<String, List<QueueFigures>> byTag = Map.of();

	QueueGauges(QueueMonitor monitor, ArchiveRetention retention, QueueLimit limit) {
		this.monitor = monitor;
		this.retention = retention;
		this.limit = limit;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge
			.builder("tasker.database.oldest.snapshot.age", this.monitor,
					(source) -> seconds(source.oldestSnapshot().flatMap(SnapshotAge::duration)))
			.description("Age of the oldest snapshot, which keeps dead rows from being removed")
			.baseUnit(SECONDS)
			.register(registry);
		Gauge
			.builder("tasker.database.oldest.snapshot.transactions", this.monitor,
					(source) -> source.oldestSnapshot()
						.map(SnapshotAge::transactions)
						.map(Long::doubleValue)
						.orElse(Double.NaN))
			.description("Transactions that have begun since the oldest snapshot was taken")
			.register(registry);
		this.retention.queues()
			.forEach((queue) -> FunctionCounter
				.builder("tasker.queue.archive.deleted", this.retention, (source) -> source.deleted(queue))
				.description("Messages deleted from archives because they were older than their retention")
				.tag(QUEUE, queue)
				.register(registry));
		List<PerQueue> gauges = List.of(
				new PerQueue(gauge("depth", "Messages in the queue").register(registry),
						(queues) -> sum(queues, QueueFigures::depth)),
				new PerQueue(gauge("visible", "Messages that are due").register(registry),
						(queues) -> sum(queues, QueueFigures::visible)),
				new PerQueue(
						gauge("oldest.age", "How long the message that is due for longest has been due")
							.baseUnit(SECONDS)
							.register(registry),
						(queues) -> figures(queues, (queue) -> seconds(queue.oldestAge())).max().orElse(Double.NaN)),
				new PerQueue(gauge("dead.tuples", "Rows that wait for a vacuum").register(registry),
						(queues) -> sum(queues, QueueFigures::deadTuples)));
		this.monitor.addListener((queues) -> {
			this.limit.retain(queues.stream().map(QueueFigures::queue).collect(Collectors.toSet()));
			this.byTag = queues.stream().collect(Collectors.groupingBy((queue) -> this.limit.tag(queue.queue())));
			gauges.forEach(this::show);
		});
	}

	private static MultiGauge.Builder gauge(String name, String description) {
		return MultiGauge.builder("tasker.queue." + name).description(description);
	}

	// Queues that are gone lose their gauges.
	private void show(PerQueue gauge) {
		List<MultiGauge.Row<?>> rows = new ArrayList<>();
		this.byTag.keySet()
			.forEach((tag) -> rows.add(MultiGauge.Row.of(Tags.of(QUEUE, tag), gauge.value(),
					(value) -> this.monitor.queues().isPresent() ? value(tag, value) : Double.NaN)));
		gauge.gauge().register(rows);
	}

	private double value(String tag, ToDoubleFunction<List<QueueFigures>> value) {
		List<QueueFigures> queues = this.byTag.get(tag);
		return (queues != null) ? value.applyAsDouble(queues) : Double.NaN;
	}

	private static double sum(List<QueueFigures> queues, Function<QueueFigures, OptionalLong> count) {
		return figures(queues, (queue) -> count(count.apply(queue))).sum();
	}

	private static DoubleStream figures(List<QueueFigures> queues, ToDoubleFunction<QueueFigures> figure) {
		return queues.stream().mapToDouble(figure);
	}

	private static double count(OptionalLong count) {
		return count.isPresent() ? count.getAsLong() : Double.NaN;
	}

	private static double seconds(Optional<Duration> duration) {
		return duration.map((value) -> value.toMillis() / 1000.0).orElse(Double.NaN);
	}

	/**
	 * A gauge for each queue there is.
	 *
	 * @param gauge the gauge
	 * @param value its value for the queues that share a tag
	 */
	private record PerQueue(MultiGauge gauge, ToDoubleFunction<List<QueueFigures>> value) {

	}

}
