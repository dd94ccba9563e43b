/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Inserts random tasks, all rows of a table at once.
 */
record RandomRows(TaskerSession session, LocalDateTime now) {

	void insert(List<RandomTask> tasks) {
		TaskRows template = this.session.task("template");
		String namedTask = this.session.row("select named_task_uuid from tasker.tasks where task_uuid = ?",
				template.uuid());
		for (int step = 0; step < 60; step++) {
			template.step("s" + step);
		}
		StringBuilder taskLines = new StringBuilder();
		StringBuilder taskTransitions = new StringBuilder();
		StringBuilder steps = new StringBuilder();
		StringBuilder edges = new StringBuilder();
		StringBuilder stepTransitions = new StringBuilder();
		List<String> namedSteps = this.session.rows("""
				select named_step_uuid from tasker.workflow_steps order by workflow_step_uuid
				""");
		for (RandomTask task : tasks) {
			line(taskLines, task.uuid(), namedTask, this.now, task.uuid(), this.now, this.now, task.uuid());
			if (task.state() != null) {
				line(taskTransitions, task.uuid(), task.state(), 1, true, this.now, this.now);
			}
			for (RandomTask.Step step : task.steps()) {
				line(steps, step.uuid(), task.uuid(), namedSteps.get(step.index()), step.retryable(),
						step.maxAttempts(), step.inProcess(), step.processed(), step.attempts(), step.lastAttemptedAt(),
						step.backoffSeconds(), this.now, this.now);
				IntStream.range(0, step.parents().size())
					.forEach((edge) -> line(edges, task.steps().get(step.parents().get(edge)).uuid(), step.uuid(),
							"edge " + edge, this.now, this.now));
				List<RandomTask.Transition> history = step.history();
				for (int index = 0; index < history.size(); index++) {
					line(stepTransitions, step.uuid(), history.get(index).to(), index + 1, index == history.size() - 1,
							history.get(index).at(), this.now);
				}
			}
		}
		copy("tasks", """
				task_uuid, named_task_uuid, requested_at, identity_hash, created_at, updated_at, correlation_id
				""", taskLines);
		copy("task_transitions", "task_uuid, to_state, sort_key, most_recent, created_at, updated_at", taskTransitions);
		copy("workflow_steps",
				"""
						workflow_step_uuid, task_uuid, named_step_uuid, retryable, max_attempts, in_process, processed, attempts,
						last_attempted_at, backoff_request_seconds, created_at, updated_at
						""",
				steps);
		copy("workflow_step_edges", "from_step_uuid, to_step_uuid, name, created_at, updated_at", edges);
		copy("workflow_step_transitions", "workflow_step_uuid, to_state, sort_key, most_recent, created_at, updated_at",
				stepTransitions);
	}

	private void copy(String table, String columns, CharSequence lines) {
		this.session.copy("copy tasker.%s (%s) from stdin with (format csv)".formatted(table, columns),
				lines.toString());
	}

	private static void line(StringBuilder lines, @Nullable Object... values) {
		lines.append(Arrays.stream(values)
			.map((value) -> (value != null) ? value.toString() : "")
			.collect(Collectors.joining(",", "", "\n")));
	}

}
