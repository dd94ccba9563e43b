/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import systems.tasker.autoconfigure.database.BackgroundWork;
import systems.tasker.workflow.DeadLetterQueue;
import systems.tasker.workflow.DlqSweep;
import systems.tasker.workflow.StaleTask;
import systems.tasker.workflow.StaleTaskAction;
import systems.tasker.workflow.StalenessLimits;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Moves stale tasks to the DLQ again and again, one application at a time, and keeps
 * count of that.
 */
public final class DlqSweeper {

	private static final Logger logger = LoggerFactory.getLogger(DlqSweeper.class);

	/** For each sweep, so that a long backlog does not become one long load. */
	private static final int MAX_BATCHES = 100;

	/** For each batch; all tasks are in the DLQ anyway. */
	private static final int MAX_LINES = 20;

	/** So many intervals, and a figure is no longer one of now. */
	private static final int FRESH_INTERVALS = 3;

	private final StalenessLimits limits;

	private final Duration interval;

	private final Map<StaleTaskAction, AtomicLong> swept = new EnumMap<>(StaleTaskAction.class);

	private final Map<Outcome, Sweeps> sweeps = new EnumMap<>(Outcome.class);

	private volatile @Nullable OpenEntries openEntries;

	// Only for the thread of the work.
	private final StuckTasks stuck = new StuckTasks();

	DlqSweeper(DlqSweeperProperties properties) {
		this.limits = properties.limits();
		this.interval = properties.interval();
		for (StaleTaskAction action : StaleTaskAction.values()) {
			this.swept.put(action, new AtomicLong());
		}
		for (Outcome outcome : Outcome.values()) {
			this.sweeps.put(outcome, new Sweeps(new AtomicLong(), new AtomicLong()));
		}
	}

	BackgroundWork.Work work() {
		return new BackgroundWork.Work("tasker", "dlq-sweeper", true, this::sweep, () -> this.openEntries = null);
	}

	private void sweep(DataSource dataSource) {
		long start = System.nanoTime();
		Outcome outcome = Outcome.FAILED;
		try {
			outcome = sweep(new TaskerDatabase(dataSource).deadLetters());
		}
		finally {
			sweeps(outcome).add(System.nanoTime() - start);
		}
	}

	// A batch is a transaction. Tasks that cannot be moved are found again, so a batch of
	// nothing else would come for ever.
	private Outcome sweep(DeadLetterQueue deadLetters) {
		boolean complete = false;
		int batches = 0;
		try {
			DlqSweep sweep;
			do {
				sweep = deadLetters.sweep(this.limits);
				this.openEntries = new OpenEntries(sweep.openEntries(), System.nanoTime());
				if (sweep.skipped()) {
					return (batches > 0) ? Outcome.DONE : Outcome.SKIPPED;
				}
				report(sweep);
				batches++;
				complete = sweep.tasks().size() < this.limits.batchSize();
			}
			while (!complete && isProgress(sweep) && batches < MAX_BATCHES && !Thread.currentThread().isInterrupted());
			return Outcome.DONE;
		}
		finally {
			this.stuck.sweepEnded(complete);
		}
	}

	private static boolean isProgress(DlqSweep sweep) {
		return sweep.tasks().stream().anyMatch((task) -> task.action() != StaleTaskAction.TRANSITION_FAILED);
	}

	private void report(DlqSweep sweep) {
		int moved = 0;
		for (StaleTask task : sweep.tasks()) {
			count(task.action()).incrementAndGet();
			if (task.action() != StaleTaskAction.TRANSITION_FAILED) {
				moved++;
				if (moved <= MAX_LINES) {
					logger.info("Task {} ({}/{}) is stale after {} min in {}: {}", task.taskUuid(), task.namespace(),
							task.name(), task.timeInStateMinutes(), task.state().sqlName(), task.action().sqlName());
				}
			}
			else if (this.stuck.isNews(task.taskUuid())) {
				logger.warn(
						"Task {} ({}/{}) is stale after {} min in {}, and could neither be moved to the DLQ nor to "
								+ "error; the log of the database says why",
						task.taskUuid(), task.namespace(), task.name(), task.timeInStateMinutes(),
						task.state().sqlName());
			}
		}
		if (moved > 0) {
			logger.info(
					"{} stale tasks were moved{}, {} entries of the DLQ are open. They need somebody to look at "
							+ "them: tasker.v_dlq_investigation_queue, see \"The DLQ\" in docs/tasker-database.md",
					moved, (moved > MAX_LINES) ? " (the first " + MAX_LINES + " above)" : "", sweep.openEntries());
		}
	}

	/**
	 * Return how many stale tasks this application has found, by what became of them.
	 * @param action what became of them
	 * @return the number since the application started
	 */
	public long swept(StaleTaskAction action) {
		return count(action).get();
	}

	private AtomicLong count(StaleTaskAction action) {
		return Objects.requireNonNull(this.swept.get(action));
	}

	/**
	 * Return how often this application has swept, or tried to.
	 * @param outcome how that ended
	 * @return the number since the application started
	 */
	public long sweepCount(Outcome outcome) {
		return sweeps(outcome).count().get();
	}

	/**
	 * Return how long that took.
	 * @param outcome how it ended
	 * @return the sum since the application started
	 */
	public Duration sweepTime(Outcome outcome) {
		return Duration.ofNanos(sweeps(outcome).nanos().get());
	}

	private Sweeps sweeps(Outcome outcome) {
		return Objects.requireNonNull(this.sweeps.get(outcome));
	}

	/**
	 * Return how many entries of the DLQ are open, whoever made them, as the last sweep
	 * has found.
	 * @return the number; nothing when it is not known
	 */
	public OptionalLong openEntries() {
		OpenEntries last = this.openEntries;
		return (last != null && last.age().compareTo(this.interval.multipliedBy(FRESH_INTERVALS)) < 0)
				? OptionalLong.of(last.count()) : OptionalLong.empty();
	}

	/**
	 * How a sweep ended.
	 */
	public enum Outcome {

		/** It looked for stale tasks, and moved those it found. */
		DONE,

		/** Somebody else was sweeping, so that it did nothing. */
		SKIPPED,

		/** It failed, or was refused by the circuit breaker. */
		FAILED

	}

	private record OpenEntries(long count, long readAt) {

		Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.readAt);
		}

	}

	private record Sweeps(AtomicLong count, AtomicLong nanos) {

		void add(long time) {
			this.count.incrementAndGet();
			this.nanos.addAndGet(time);
		}

	}

}
