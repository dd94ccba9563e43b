/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import systems.tasker.workflow.StepTransitions.Event;

/**
 * Decides what becomes of the results that workers report.
 */
final class ResultSettlement {

	private final WorkflowSession session;

	private final StepTransitions transitions;

	private final RetryBackoff backoff;

	ResultSettlement(WorkflowSession session, StepTransitions transitions, RetryBackoff backoff) {
		this.session = session;
		this.transitions = transitions;
		this.backoff = backoff;
	}

	// To be called in a transaction that has locked the task.
	Optional<StepState> settle(UUID step) {
		this.transitions.lock(step);
		Reported reported = read(step);
		if (reported.state() == StepState.ENQUEUED_FOR_ORCHESTRATION) {
			return move(step, reported, StepState.COMPLETE, Event.of("Complete", reported.results()));
		}
		if (reported.state() != StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION) {
			return Optional.empty();
		}
		Object results = readable(reported.results());
		Object message = StoredJson.at(results, "error", "message");
		String data = Json.plain("message", (message != null) ? message : "unknown");
		if (!isRetryable(results) || reported.attempts() >= reported.maxAttempts()) {
			return move(step, reported, StepState.ERROR, Event.of("Fail", data));
		}
		Optional<StepState> waiting = move(step, reported, StepState.WAITING_FOR_RETRY, Event.of("WaitForRetry", data));
		pause(step, seconds(results, reported.attempts()));
		return waiting;
	}

	// Let a locked step make the pause that follows from its attempts.
	void pause(UUID step) {
		pause(step, this.backoff.afterAttempts(read(step).attempts()));
	}

	private void pause(UUID step, int seconds) {
		this.session.jdbc()
			.sql("select tasker.set_step_backoff_atomic(:step::uuid, :seconds::integer)")
			.param("step", step)
			.param("seconds", seconds)
			.query(Boolean.class)
			.single();
	}

	private Optional<StepState> move(UUID step, Reported reported, StepState to, Event event) {
		return this.transitions.move(step, Objects.requireNonNull(reported.state()), to, event) ? Optional.of(to)
				: Optional.empty();
	}

	// No limit means none left here, and three in readiness: so the rules of the schema
	// say.
	private Reported read(UUID step) {
		return this.session.jdbc().sql("""
				select tr.to_state, coalesce(s.attempts, 0) as attempts, coalesce(s.max_attempts, 0) as max_attempts,
				  s.results::text as results
				from tasker.workflow_steps s
				left join tasker.workflow_step_transitions tr
				  on tr.workflow_step_uuid = s.workflow_step_uuid and tr.most_recent = true
				where s.workflow_step_uuid = :step
				""").param("step", step).query((row, number) -> {
			String state = row.getString("to_state");
			return new Reported((state != null) ? StepState.of(state) : null, row.getInt("attempts"),
					row.getInt("max_attempts"), row.getString("results"));
		}).single();
	}

	// The limits of Jackson are narrower than those of the database: numbers have at most
	// 1,000 digits, and objects 500 levels.
	private static @Nullable Object readable(@Nullable String results) {
		try {
			return Json.read(results);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	// Results that cannot be read leave it to the attempts.
	private static boolean isRetryable(@Nullable Object results) {
		return !(results instanceof Map) || Boolean.TRUE.equals(StoredJson.at(results, "metadata", "retryable"));
	}

	// The word of the server counts before that of the worker.
	private int seconds(@Nullable Object results, int attempts) {
		OptionalInt requested = StoredJson.members(StoredJson.at(results, "orchestration_metadata", "headers"))
			.entrySet()
			.stream()
			.filter((header) -> header.getKey().equalsIgnoreCase("Retry-After"))
			.map(Map.Entry::getValue)
			.map((value) -> this.backoff.retryAfter(String.valueOf(value), Instant.now()))
			.findFirst()
			.orElse(OptionalInt.empty());
		if (requested.isPresent()) {
			return requested.getAsInt();
		}
		Object hint = StoredJson.at(results, "orchestration_metadata", "backoff_hint", "delay_seconds");
		return (hint instanceof Number seconds) ? this.backoff.limited(seconds.longValue())
				: this.backoff.afterAttempts(attempts);
	}

	/**
	 * What was reported.
	 *
	 * @param state the state of the step
	 * @param attempts how often it was claimed
	 * @param maxAttempts how often it may be
	 * @param results the result as JSON
	 */
	private record Reported(@Nullable StepState state, int attempts, int maxAttempts, @Nullable String results) {

	}

}
