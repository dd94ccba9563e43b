/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.StepExecutionError;
import systems.tasker.messages.StepExecutionMetadata;
import systems.tasker.messages.StepExecutionResult;
import systems.tasker.messages.StepMessage;
import systems.tasker.samples.orders.EffectRepository.Work;
import systems.tasker.workflow.ClaimedStep;
import systems.tasker.workflow.StepWork;
import systems.tasker.workflow.TaskerDatabase;

/**
 * Does the work of steps. The claim is committed first, and counts as an attempt even if
 * this process dies; the effect of the step and the report of it are committed together.
 */
@Component
class StepWorker {

	private static final Logger logger = LoggerFactory.getLogger(StepWorker.class);

	private static final int LARGE_QUANTITY = 40;

	private final UUID worker = UUID.randomUUID();

	private final StepWork work;

	private final EffectRepository effects;

	private final Outbox outbox;

	private final Duration stepDuration;

	private final String resultQueue;

	StepWorker(TaskerDatabase tasker, EffectRepository effects, Outbox outbox, FulfilmentProperties properties,
			MessageRouter router) {
		this.work = tasker.work();
		this.effects = effects;
		this.outbox = outbox;
		this.stepDuration = properties.stepDuration();
		this.resultQueue = router.resultQueue(FulfilmentTemplate.NAMESPACE);
	}

	/**
	 * Do the work of a step, unless somebody else has claimed it, as a message may come
	 * twice, or the order was given up.
	 * @param message names the step
	 * @throws UnknownStepException if there is no such step
	 */
	void work(StepMessage message) {
		Work step = this.effects.find(message.stepUuid());
		if (step.orderOver()) {
			logger.info("Order {}: {} is not to be done any more", step.orderId(), step.name());
			return;
		}
		this.work.claim(message.stepUuid(), this.worker)
			.ifPresent((claimed) -> report(step, claimed, attempt(step, claimed)));
	}

	private StepExecutionResult attempt(Work step, ClaimedStep claimed) {
		Instant startedAt = Instant.now();
		try {
			perform(step, claimed.attempts());
			return StepExecutionResult.completed(claimed.stepUuid(), Map.of("attempt", claimed.attempts()),
					StepExecutionMetadata.of(startedAt, Instant.now(), true));
		}
		catch (StepFailedException ex) {
			logger.info("Order {}: {} failed: {}", step.orderId(), step.name(), ex.getMessage());
			return StepExecutionResult.failed(claimed.stepUuid(), StepExecutionError.of(ex, ex.isRetryable()),
					StepExecutionMetadata.of(startedAt, Instant.now(), ex.isRetryable()));
		}
	}

	// A real step would talk to a warehouse or a bank here.
	private void perform(Work step, int attempt) throws StepFailedException {
		LockSupport.parkNanos(this.stepDuration.toNanos());
		if (step.name().equals(FulfilmentTemplate.RESERVE_STOCK) && step.sku().equals("out-of-stock")) {
			throw new StepFailedException("There is none left", false);
		}
		if (step.name().equals(FulfilmentTemplate.CHARGE) && step.quantity() > LARGE_QUANTITY && attempt == 1) {
			throw new StepFailedException("The bank wants to be asked again for so large a sum", true);
		}
	}

	private void report(Work step, ClaimedStep claimed, StepExecutionResult result) {
		boolean reported = this.outbox.commitAndSend((messages) -> {
			// Who was too slow has lost the step to another attempt.
			if (!this.work.report(result, claimed.attempts(), this.worker)) {
				return false;
			}
			if (result.success()) {
				this.effects.insert(step, claimed, this.worker);
			}
			messages.add(this.resultQueue, result);
			return true;
		});
		if (!reported) {
			logger.warn("Order {}: {} took too long and is attempted again", step.orderId(), step.name());
		}
	}

}
