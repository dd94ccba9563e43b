/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import org.springframework.transaction.support.TransactionTemplate;

import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.TaskRequest;

class OrderWorkflow {

	private final TaskerDatabase tasker;

	private final TransactionTemplate transaction;

	private final UUID worker = UUID.randomUUID();

	OrderWorkflow(TaskerDatabase tasker, TransactionTemplate transaction) {
		this.tasker = tasker;
		this.transaction = transaction;
	}

	void saveTemplate() {
		this.tasker.templates()
			.save(TaskTemplate.of("shop", "fulfil_order", "1.0.0", StepTemplate.of("reserve"),
					StepTemplate.of("charge", "reserve"), StepTemplate.of("pack", "reserve").withMaxAttempts(5),
					StepTemplate.of("ship", "charge", "pack")));
	}

	UUID order(long number) {
		TaskRequest request = TaskRequest.builder("fulfil_order", "shop", "1.0.0")
			.context(Map.of("order", number))
			.initiator("user:alice")
			.sourceSystem("shop")
			.reason("New order")
			.build();
		try {
			return this.tasker.tasks().create(request);
		}
		catch (DuplicateTaskException ex) {
			return ex.taskUuid();
		}
	}

	boolean begin(UUID task) {
		return this.transaction.execute((status) -> {
			boolean mine = this.tasker.tasks().transition(task, TaskState.PENDING, TaskState.INITIALIZING);
			if (mine) {
				this.tasker.tasks().transition(task, TaskState.INITIALIZING, TaskState.ENQUEUING_STEPS);
				this.tasker.steps().enqueueReady(task);
				this.tasker.tasks().transition(task, TaskState.ENQUEUING_STEPS, TaskState.STEPS_IN_PROCESS);
			}
			return mine;
		});
	}

	void work(UUID step) {
		this.tasker.work().claim(step, this.worker).ifPresent((claimed) -> {
			Instant startedAt = Instant.now();
			Object result = run(claimed);
			this.tasker.work()
				.report(StepExecutionResult.completed(step, result,
						StepExecutionMetadata.of(startedAt, Instant.now(), false)), this.worker);
		});
	}

	TaskState goOn(UUID task, UUID step) {
		this.tasker.steps().settle(step);
		this.tasker.steps().enqueueReady(task);
		return this.tasker.tasks().finalizeTask(task, null);
	}

	private Object run(ClaimedStep step) {
		return Map.of("attempt", step.attempts());
	}

}
