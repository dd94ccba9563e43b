/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.StringUtils;

import systems.tasker.messages.TaskRequest;
import systems.tasker.test.TestDatabase;
import systems.tasker.workflow.StepTemplate;
import systems.tasker.workflow.TaskState;
import systems.tasker.workflow.TaskTemplate;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Tasks of a test that wait for dependencies.
 */
public final class StaleTasks {

	private final TaskerDatabase tasker;

	private final JdbcClient jdbc;

	public StaleTasks(TestDatabase database) {
		this.tasker = new TaskerDatabase(database.dataSource());
		this.jdbc = JdbcClient.create(database.dataSource());
		this.tasker.templates().save(TaskTemplate.of("ns", "work", "1", StepTemplate.of("a")));
	}

	public TaskerDatabase tasker() {
		return this.tasker;
	}

	/** Each waits for a minute longer than the one before. */
	public List<UUID> create(int count) {
		return IntStream.range(0, count).mapToObj((index) -> create("%d minutes".formatted(120 + index))).toList();
	}

	public UUID create(String waiting) {
		UUID task = this.tasker.tasks()
			.create(TaskRequest.builder("work", "ns", "1")
				.idempotencyKey(UUID.randomUUID().toString())
				.initiator("alice")
				.sourceSystem("shop")
				.reason("test")
				.build());
		this.tasker.tasks().transition(task, TaskState.PENDING, TaskState.INITIALIZING, null);
		this.tasker.tasks().transition(task, TaskState.INITIALIZING, TaskState.WAITING_FOR_DEPENDENCIES, null);
		this.jdbc.sql("""
				update tasker.task_transitions set created_at = created_at - ?::interval
				where task_uuid = ? and most_recent
				""").params(waiting, task).update();
		return task;
	}

	/** From now on these can be moved neither to the DLQ nor to another state. */
	public void refuseToMove(List<UUID> tasks) {
		this.jdbc.sql("""
				create function public.refuse() returns trigger language plpgsql as
				'begin if new.task_uuid = any (''{%s}'') then raise exception ''no''; end if; return new; end'
				""".formatted(StringUtils.collectionToCommaDelimitedString(tasks))).update();
		for (String table : List.of("tasks_dlq", "task_transitions")) {
			this.jdbc.sql("""
					create trigger refuse before insert on tasker.%s for each row execute function public.refuse()
					""".formatted(table)).update();
		}
	}

	public TaskState state(UUID task) {
		return this.tasker.tasks().state(task).orElseThrow();
	}

	public long entries() {
		return this.jdbc.sql("select count(*) from tasker.tasks_dlq").query(Long.class).single();
	}

}
