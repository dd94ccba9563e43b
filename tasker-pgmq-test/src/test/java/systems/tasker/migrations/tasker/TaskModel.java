/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the database has to say about a {@link RandomTask}, as plain as it can be written.
 */
record TaskModel(RandomTask task, LocalDateTime now) {

	static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

	String state(RandomTask.Step step) {
		return step.history().isEmpty() ? "pending" : step.history().get(step.history().size() - 1).to();
	}

	boolean isDone(RandomTask.Step step) {
		return !step.history().isEmpty() && (state(step).equals("complete") || state(step).equals("resolved_manually"));
	}

	int completedParents(RandomTask.Step step) {
		return (int) step.parents().stream().filter((parent) -> isDone(this.task.steps().get(parent))).count();
	}

	int attempts(RandomTask.Step step) {
		return Objects.requireNonNullElse(step.attempts(), 0);
	}

	int maxAttempts(RandomTask.Step step) {
		return Objects.requireNonNullElse(step.maxAttempts(), 3);
	}

	boolean isEligible(RandomTask.Step step) {
		return attempts(step) == 0 || step.retryable() && attempts(step) < maxAttempts(step);
	}

	@Nullable LocalDateTime lastFailure(RandomTask.Step step) {
		return step.history()
			.stream()
			.filter((transition) -> transition.to().equals("error"))
			.map(RandomTask.Transition::at)
			.max(Comparator.naturalOrder())
			.orElse(null);
	}

	@Nullable LocalDateTime nextRetry(RandomTask.Step step) {
		if (step.backoffSeconds() != null && step.lastAttemptedAt() != null) {
			return step.lastAttemptedAt().plusSeconds(step.backoffSeconds());
		}
		LocalDateTime failure = lastFailure(step);
		return (failure != null) ? failure.plusSeconds(Math.min(1L << attempts(step), 60)) : null;
	}

	boolean isReady(RandomTask.Step step) {
		LocalDateTime nextRetry = nextRetry(step);
		return List.of("pending", "waiting_for_retry").contains(state(step)) && !step.processed() && !step.inProcess()
				&& completedParents(step) == step.parents().size() && isEligible(step)
				&& (nextRetry == null || !nextRetry.isAfter(this.now));
	}

	List<String> readiness() {
		return this.task.steps()
			.stream()
			.sorted(Comparator.comparing((step) -> step.uuid().toString()))
			.map((step) -> row(this.task.uuid(), step.uuid(), "s" + step.index(), state(step),
					completedParents(step) == step.parents().size(), isEligible(step), isReady(step), lastFailure(step),
					nextRetry(step), step.parents().size(), completedParents(step), attempts(step), maxAttempts(step),
					step.backoffSeconds(), step.lastAttemptedAt()))
			.toList();
	}

	List<String> levels() {
		List<Integer> levels = new ArrayList<>();
		for (RandomTask.Step step : this.task.steps()) {
			levels.add(step.parents().stream().mapToInt(levels::get).map((level) -> level + 1).max().orElse(0));
		}
		return this.task.steps()
			.stream()
			.sorted(Comparator.comparing((RandomTask.Step step) -> levels.get(step.index()))
				.thenComparing((step) -> step.uuid().toString()))
			.map((step) -> row(this.task.uuid(), step.uuid(), levels.get(step.index())))
			.toList();
	}

	List<String> depths() {
		List<Integer> depths = new ArrayList<>();
		for (RandomTask.Step step : this.task.steps()) {
			depths.add(step.parents().stream().mapToInt(depths::get).map((depth) -> depth + 1).min().orElse(0));
		}
		return this.task.steps()
			.stream()
			.map((step) -> row(step.uuid(), (depths.get(step.index()) <= 50) ? depths.get(step.index()) : null))
			.sorted()
			.toList();
	}

	String context() {
		long total = this.task.steps().size();
		long completed = count("complete", "resolved_manually");
		long failed = count("error");
		long running = count("in_progress");
		long enqueued = count("enqueued", "enqueued_for_orchestration", "enqueued_as_error_for_orchestration");
		long ready = this.task.steps().stream().filter(this::isReady).count();
		String status;
		String action;
		if (failed > 0) {
			status = "blocked_by_failures";
			action = "handle_failures";
		}
		else if (ready > 0) {
			status = "has_ready_steps";
			action = "execute_ready_steps";
		}
		else if (running + enqueued > 0) {
			status = "processing";
			action = "wait_for_completion";
		}
		else if (completed == total) {
			status = "all_complete";
			action = "finalize_task";
		}
		else {
			status = "waiting_for_dependencies";
			action = "wait_for_dependencies";
		}
		// Rounded half up, in integers.
		long hundredths = (completed * 20_000 + total) / (2 * total);
		return row(this.task.uuid(), Objects.requireNonNullElse(this.task.state(), "pending"), total, count("pending"),
				running, completed, failed, ready, status, action,
				"%d.%02d".formatted(hundredths / 100, hundredths % 100), (failed > 0) ? "blocked" : "healthy",
				enqueued);
	}

	private long count(String... states) {
		return this.task.steps().stream().filter((step) -> List.of(states).contains(state(step))).count();
	}

	/**
	 * Return values in the form of {@link TaskerSession#rows}.
	 */
	private static String row(@Nullable Object... values) {
		List<String> columns = new ArrayList<>();
		for (Object value : values) {
			if (value instanceof LocalDateTime time) {
				columns.add(TIME.format(time));
			}
			else if (value instanceof Boolean flag) {
				columns.add(flag ? "t" : "f");
			}
			else {
				columns.add((value != null) ? value.toString() : "-");
			}
		}
		return String.join(" | ", columns);
	}

}
