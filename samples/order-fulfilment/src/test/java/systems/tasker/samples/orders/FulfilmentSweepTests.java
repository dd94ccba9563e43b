/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Answers;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.MessagingUnavailableException;
import systems.tasker.workflow.StalledStep;
import systems.tasker.workflow.StepState;
import systems.tasker.workflow.TaskerDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;

@ExtendWith({ MockitoExtension.class, OutputCaptureExtension.class })
class FulfilmentSweepTests {

	private static final UUID FIRST = new UUID(0, 1);

	private static final UUID SECOND = new UUID(0, 2);

	@Mock(answer = Answers.RETURNS_DEEP_STUBS)
	private TaskerDatabase tasker;

	@Mock
	private Orchestrator orchestrator;

	@Mock
	private MessagingService messaging;

	@Mock
	private QueuedSteps queuedSteps;

	@BeforeEach
	void twoResultsLostTheirMessage() {
		List<StalledStep> backlog = List.of(step(new UUID(0, 3), StepState.ENQUEUED));
		List<StalledStep> results = List.of(step(FIRST, StepState.ENQUEUED_FOR_ORCHESTRATION),
				step(SECOND, StepState.ENQUEUED_FOR_ORCHESTRATION));
		// There are so many that wait for workers that they fill every list they are in.
		given(this.tasker.steps().stalled(eq("orders"), any(), anyInt())).willAnswer((call) -> {
			Map<StepState, Duration> ages = call.getArgument(1);
			return (ages.containsKey(StepState.ENQUEUED)) ? backlog : results;
		});
		given(this.queuedSteps.withoutMessage("orchestration_step_results", results)).willReturn(results);
	}

	@Test
	void stepsThatWaitForWorkersHideNoLostResults() {
		sweep();
		then(this.orchestrator).should().settle(FIRST);
		then(this.orchestrator).should().settle(SECOND);
	}

	@Test
	void stepThatFailsDoesNotHoldUpTheNext(CapturedOutput output) {
		willThrow(new OptimisticLockingFailureException("changed")).given(this.orchestrator).settle(FIRST);
		sweep();
		then(this.orchestrator).should().settle(SECOND);
		assertThat(output).contains("stepUuid=" + FIRST, "still waits: ");
	}

	@Test
	void outageOfTheQueuesEndsTheRound(CapturedOutput output) {
		assertEndsTheRound(new MessagingUnavailableException("The PGMQ database is away", null), output);
	}

	@Test
	void outageOfTheOrdersEndsTheRound(CapturedOutput output) {
		assertEndsTheRound(new CannotGetJdbcConnectionException("The Tasker database is away"), output);
	}

	private void assertEndsTheRound(RuntimeException failure, CapturedOutput output) {
		willThrow(failure).given(this.orchestrator).settle(FIRST);
		sweep();
		then(this.orchestrator).should().settle(FIRST);
		then(this.orchestrator).shouldHaveNoMoreInteractions();
		assertThat(output).contains("left to the next round: " + failure.getMessage());
	}

	private void sweep() {
		FulfilmentProperties.Sweep settings = new FulfilmentProperties.Sweep(Duration.ZERO, Duration.ZERO,
				Duration.ZERO);
		new FulfilmentSweep(this.tasker, this.orchestrator, this.messaging, this.queuedSteps, new MessageRouter(),
				new FulfilmentProperties(1, Duration.ZERO, Duration.ZERO, settings))
			.sweep();
	}

	private static StalledStep step(UUID step, StepState state) {
		return new StalledStep(step, step, step, state, 1);
	}

}
