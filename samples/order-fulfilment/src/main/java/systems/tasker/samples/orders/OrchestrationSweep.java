/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

import systems.tasker.database.DatabaseAvailability;
import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;
import systems.tasker.messaging.MessagingException;
import systems.tasker.workflow.ReadyTask;
import systems.tasker.workflow.StepState;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Does what no message asks for: goes on with tasks whose pause is over, reports for
 * workers that died, and settles results whose message got lost. Several instances may do
 * so at the same time.
 */
@Component
class OrchestrationSweep {

	private static final Logger logger = LoggerFactory.getLogger(OrchestrationSweep.class);

	private static final int BATCH = 500;

	private static final UUID SWEEP = UUID.randomUUID();

	private final TaskerDatabase tasker;

	private final StalledSteps stalledSteps;

	private final Orchestrator orchestrator;

	private final Outbox outbox;

	private final FulfilmentProperties.Sweep settings;

	OrchestrationSweep(TaskerDatabase tasker, StalledSteps stalledSteps, Orchestrator orchestrator, Outbox outbox,
			FulfilmentProperties properties) {
		this.tasker = tasker;
		this.stalledSteps = stalledSteps;
		this.orchestrator = orchestrator;
		this.outbox = outbox;
		this.settings = properties.sweep();
	}

	@Scheduled(initialDelayString = "${orders.sweep.interval}", fixedDelayString = "${orders.sweep.interval}")
	void sweep() {
		try {
			this.tasker.tasks()
				.nextReady(BATCH)
				.stream()
				.map(ReadyTask::taskUuid)
				.forEach(each(this.orchestrator::resume));
			List<UUID> dead = reportForTheDead();
			dead.forEach(each(this.orchestrator::settle));
			List<UUID> lost = findLostResults();
			lost.forEach(each(this.orchestrator::settle));
			if (!dead.isEmpty() || !lost.isEmpty()) {
				logger.info("{} steps had lost their worker, {} the message with their result", dead.size(),
						lost.size());
			}
		}
		catch (MessagingException | DataAccessException | TransactionException ex) {
			logger.warn("The sweep is left to the next round: {}", ex.getMessage());
		}
	}

	private List<UUID> reportForTheDead() {
		return this.outbox
			.commitAndSend((messages) -> this.stalledSteps.find(this.settings.lease(), BATCH, StepState.IN_PROGRESS)
				.stream()
				.filter((step) -> this.tasker.work().report(workerDied(step.stepUuid()), attempt(step), SWEEP))
				.map(StepMessage::stepUuid)
				.toList());
	}

	private int attempt(StepMessage message) {
		return this.tasker.steps()
			.readiness(message.taskUuid())
			.stream()
			.filter((step) -> step.stepUuid().equals(message.stepUuid()))
			.findFirst()
			.orElseThrow()
			.attempts();
	}

	private static StepExecutionResult workerDied(UUID step) {
		return StepExecutionResult.error(step, StepExecutionError.of("The worker has not reported in time", true),
				StepExecutionMetadata.of(Instant.now(), Instant.now(), true));
	}

	private List<UUID> findLostResults() {
		return this.stalledSteps
			.find(this.settings.age(), BATCH, StepState.ENQUEUED_FOR_ORCHESTRATION,
					StepState.ENQUEUED_AS_ERROR_FOR_ORCHESTRATION)
			.stream()
			.map(StepMessage::stepUuid)
			.toList();
	}

	// What is wrong with one does not hold up the next.
	private static Consumer<UUID> each(Consumer<UUID> action) {
		return (uuid) -> {
			try {
				action.accept(uuid);
			}
			catch (RuntimeException ex) {
				if (isOutage(ex)) {
					throw ex;
				}
				logger.warn("{} still waits", uuid, ex);
			}
		};
	}

	private static boolean isOutage(RuntimeException ex) {
		return (ex instanceof MessagingException failure && failure.isRetryable()) || DatabaseAvailability.isOutage(ex);
	}

}
