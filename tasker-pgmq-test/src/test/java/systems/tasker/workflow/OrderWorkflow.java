/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskRequest;

class OrderWorkflow {

	private final TaskerDatabase tasker;

	private final Consumer<StepMessage> queue;

	private final UUID worker = UUID.randomUUID();

	private boolean bankIsOpen;

	OrderWorkflow(TaskerDatabase tasker, Consumer<StepMessage> queue) {
		this.tasker = tasker;
		this.queue = queue;
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

	TaskState goOn(UUID task) {
		return handOut(this.tasker.tasks().advance(task, null));
	}

	void work(StepMessage message) {
		this.tasker.work().claim(message.stepUuid(), this.worker).ifPresent((step) -> {
			Instant startedAt = Instant.now();
			this.tasker.work().report(attempt(step, startedAt), step.attempts(), this.worker);
		});
	}

	StepExecutionResult attempt(ClaimedStep step, Instant startedAt) {
		try {
			Object result = run(step.name(), step.context(), this.tasker.work().resultsBefore(step.stepUuid()));
			return StepExecutionResult.completed(step.stepUuid(), result,
					StepExecutionMetadata.of(startedAt, Instant.now(), true));
		}
		catch (IllegalStateException ex) {
			return StepExecutionResult.failed(step.stepUuid(), StepExecutionError.of(ex, true),
					StepExecutionMetadata.of(startedAt, Instant.now(), true));
		}
	}

	TaskState settle(UUID step) {
		return handOut(this.tasker.tasks().settleAndAdvance(step, null));
	}

	TaskState handOut(TaskProgress progress) {
		progress.enqueued().forEach(this.queue);
		return progress.state();
	}

	void sweep() {
		this.tasker.tasks()
			.nextReady(100)
			.stream()
			.filter((task) -> task.namespace().equals("shop"))
			.forEach((task) -> goOn(task.taskUuid()));
		Map<StepState, Duration> ages = Map.of(StepState.ENQUEUED, Duration.ofMinutes(1), StepState.IN_PROGRESS,
				Duration.ofMinutes(10), StepState.ENQUEUED_FOR_ORCHESTRATION, Duration.ofMinutes(1),
				StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION, Duration.ofMinutes(1), StepState.WAITING_FOR_RETRY,
				Duration.ofMinutes(30));
		this.tasker.steps().stalled("shop", ages, 1000).forEach(this::help);
	}

	void help(StalledStep step) {
		switch (step.state()) {
			case ENQUEUED -> this.queue.accept(step.message());
			case WAITING_FOR_RETRY -> goOn(step.taskUuid());
			case IN_PROGRESS -> {
				StepExecutionResult died = StepExecutionResult.error(step.stepUuid(),
						StepExecutionError.of("The worker died", true),
						StepExecutionMetadata.of(Instant.now(), Instant.now(), true));
				if (this.tasker.work().report(died, step.attempts(), this.worker)) {
					settle(step.stepUuid());
				}
			}
			default -> settle(step.stepUuid());
		}
	}

	private Object run(String name, Object context, Map<String, Object> before) {
		if (name.equals("charge") && !this.bankIsOpen) {
			this.bankIsOpen = true;
			throw new IllegalStateException("The bank is closed");
		}
		return Map.of("order", context, "after", before.keySet());
	}

}
