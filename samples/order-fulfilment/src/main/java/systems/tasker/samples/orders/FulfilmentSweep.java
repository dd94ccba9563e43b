/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messaging.MessagingException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.workflow.ReadyTask;
import systems.tasker.workflow.StalledStep;
import systems.tasker.workflow.StepState;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Does what no message asks for: goes on with orders whose pause is over, reports for
 * workers that died, and makes up for messages that got lost, so that an outage of the
 * queues delays orders and loses none. Several instances may do so at the same time.
 */
@Component
class FulfilmentSweep {

	private static final Logger logger = LoggerFactory.getLogger(FulfilmentSweep.class);

	private static final int READY_BATCH = 500;

	/**
	 * Of those that are longest in their state. One that has lost its message is among
	 * them when the workers have done those before it.
	 */
	private static final int STALLED_BATCH = 5_000;

	/** From then on discovery leaves out the task. */
	private static final Duration LONG_PAUSE = Duration.ofMinutes(30);

	private static final UUID SWEEP = UUID.randomUUID();

	private final TaskerDatabase tasker;

	private final Orchestrator orchestrator;

	private final MessagingService messaging;

	private final QueuedSteps queuedSteps;

	private final String stepQueue;

	private final String resultQueue;

	private final Map<StepState, Duration> enqueued;

	private final Map<StepState, Duration> others;

	FulfilmentSweep(TaskerDatabase tasker, Orchestrator orchestrator, MessagingService messaging,
			QueuedSteps queuedSteps, MessageRouter router, FulfilmentProperties properties) {
		this.tasker = tasker;
		this.orchestrator = orchestrator;
		this.messaging = messaging;
		this.queuedSteps = queuedSteps;
		this.stepQueue = router.stepQueue(FulfilmentTemplate.NAMESPACE);
		this.resultQueue = router.resultQueue(FulfilmentTemplate.NAMESPACE);
		Duration age = properties.sweep().age();
		this.enqueued = Map.of(StepState.ENQUEUED, age);
		this.others = Map.of(StepState.WAITING_FOR_RETRY, LONG_PAUSE, StepState.IN_PROGRESS, properties.sweep().lease(),
				StepState.ENQUEUED_FOR_ORCHESTRATION, age, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION, age);
	}

	@Scheduled(initialDelayString = "${orders.sweep.interval}", fixedDelayString = "${orders.sweep.interval}")
	void sweep() {
		try {
			forEach(readyTasks(), this.orchestrator::resume);
			List<StalledStep> stalled = stalled(this.others);
			forEach(in(stalled, StepState.WAITING_FOR_RETRY), (step) -> this.orchestrator.resume(step.taskUuid()));
			forEach(in(stalled, StepState.IN_PROGRESS), this::reportForTheDead);
			settleLostResults(
					in(stalled, StepState.ENQUEUED_FOR_ORCHESTRATION, StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION));
			// By themselves: steps that wait for busy workers would hide the others.
			sendLostMessages(stalled(this.enqueued));
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("The sweep is left to the next round: {}", ex.getMessage());
		}
	}

	private List<UUID> readyTasks() {
		return this.tasker.tasks()
			.nextReady(READY_BATCH)
			.stream()
			.filter((task) -> task.namespace().equals(FulfilmentTemplate.NAMESPACE))
			.map(ReadyTask::taskUuid)
			.toList();
	}

	private List<StalledStep> stalled(Map<StepState, Duration> ages) {
		return this.tasker.steps().stalled(FulfilmentTemplate.NAMESPACE, ages, STALLED_BATCH);
	}

	private static List<StalledStep> in(List<StalledStep> steps, StepState... states) {
		return steps.stream().filter((step) -> List.of(states).contains(step.state())).toList();
	}

	private void reportForTheDead(StalledStep step) {
		StepExecutionResult died = StepExecutionResult.error(step.stepUuid(),
				StepExecutionError.of("The worker has not reported in time", true),
				StepExecutionMetadata.of(Instant.now(), Instant.now(), true));
		if (this.tasker.work().report(died, step.attempts(), SWEEP)) {
			logger.info("Step {} had lost its worker", step.stepUuid());
			this.orchestrator.settle(step.stepUuid());
		}
	}

	private void settleLostResults(List<StalledStep> steps) {
		List<StalledStep> lost = this.queuedSteps.withoutMessage(this.resultQueue, steps);
		forEach(lost, (step) -> this.orchestrator.settle(step.stepUuid()));
		if (!lost.isEmpty()) {
			logger.info("{} results had lost their message", lost.size());
		}
	}

	private void sendLostMessages(List<StalledStep> steps) {
		List<StalledStep> lost = this.queuedSteps.withoutMessage(this.stepQueue, steps);
		if (!lost.isEmpty()) {
			this.messaging.sendBatch(this.stepQueue, lost.stream().map(StalledStep::message).toList());
			logger.info("{} steps had lost their message", lost.size());
		}
	}

	// What is wrong with one does not hold up the next.
	private static <T> void forEach(List<T> all, Consumer<T> action) {
		for (T each : all) {
			try {
				action.accept(each);
			}
			catch (RuntimeException ex) {
				if (isOutage(ex)) {
					throw ex;
				}
				logger.warn("{} still waits: {}", each, ex.toString());
			}
		}
	}

	private static boolean isOutage(RuntimeException ex) {
		return (ex instanceof MessagingException failure && failure.isRetryable()) || DatabaseAvailability.isOutage(ex);
	}

}
