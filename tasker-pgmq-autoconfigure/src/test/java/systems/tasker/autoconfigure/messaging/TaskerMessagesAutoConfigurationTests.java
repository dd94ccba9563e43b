/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import systems.tasker.messages.MessageRouter;
import systems.tasker.messages.QueueNaming;
import systems.tasker.messages.StepMessage;
import systems.tasker.messages.TaskerMessages;
import systems.tasker.messaging.MessagingDisabledException;
import systems.tasker.messaging.MessagingService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the beans over a {@link MessagingService}, which needs no database here.
 */
class TaskerMessagesAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TaskerMessagesAutoConfiguration.class))
		.withBean(MessagingService.class, () -> MessagingService.disabled("Nothing to see here"));

	@Test
	void namesAreThoseOfWorkers() {
		this.contextRunner.run((context) -> {
			MessageRouter router = context.getBean(MessageRouter.class);
			assertThat(router.stepQueue("a")).isEqualTo("worker_a_queue");
			assertThat(router.resultQueue()).isEqualTo("orchestration_step_results");
			assertThat(router.taskRequestQueue()).isEqualTo("orchestration_task_requests");
			assertThat(router.taskFinalizationQueue()).isEqualTo("orchestration_task_finalizations");
			assertThat(router.domainEventQueue("a")).isEqualTo("a_domain_events");
		});
	}

	@Test
	void namesCanBeThoseOfDispatchers() {
		this.contextRunner.withPropertyValues("tasker.messaging.naming=dispatch").run((context) -> {
			MessageRouter router = context.getBean(MessageRouter.class);
			assertThat(router.stepQueue("a")).isEqualTo("tasker_dispatch_a");
			assertThat(router.resultQueue("a")).isEqualTo("tasker_completion_a");
		});
	}

	@Test
	void eachNameCanBeAnother() {
		this.contextRunner.withPropertyValues("tasker.messaging.naming=dispatch",
				"tasker.messaging.routing.step-queue=steps_{namespace}",
				"tasker.messaging.routing.result-queue=results", "tasker.messaging.routing.task-request-queue=requests",
				"tasker.messaging.routing.task-finalization-queue=finals",
				"tasker.messaging.routing.domain-event-queue={namespace}_events")
			.run((context) -> {
				MessageRouter router = context.getBean(MessageRouter.class);
				assertThat(router.stepQueue("a")).isEqualTo("steps_a");
				assertThat(router.resultQueue()).isEqualTo("results");
				assertThat(router.taskRequestQueue()).isEqualTo("requests");
				assertThat(router.taskFinalizationQueue()).isEqualTo("finals");
				assertThat(router.domainEventQueue("a")).isEqualTo("a_events");
			});
	}

	@ParameterizedTest
	@CsvSource({ "step-queue, steps, step queue", "result-queue, Results, result queue",
			"task-request-queue, {namespace}_requests, task request queue" })
	void aNameThatCannotWorkFailsTheStart(String property, String value, String error) {
		this.contextRunner.withPropertyValues("tasker.messaging.routing." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("tasker.messaging.routing")
				.hasMessageContaining(error));
	}

	@Test
	void messagesGoOverTheServiceOfTheApplication() {
		this.contextRunner.run((context) -> assertThatExceptionOfType(MessagingDisabledException.class)
			.isThrownBy(() -> context.getBean(TaskerMessages.class)
				.sendStep("a", new StepMessage(new UUID(1, 1), new UUID(2, 2), new UUID(3, 3)))));
	}

	@Test
	void backsOffForBeansOfTheApplication() {
		MessageRouter router = new MessageRouter(QueueNaming.dispatch());
		TaskerMessages messages = new TaskerMessages(MessagingService.disabled("None"), router);
		this.contextRunner.withBean(MessageRouter.class, () -> router)
			.withBean(TaskerMessages.class, () -> messages)
			.run((context) -> {
				assertThat(context.getBean(MessageRouter.class)).isSameAs(router);
				assertThat(context.getBean(TaskerMessages.class)).isSameAs(messages);
			});
	}

	@Test
	void withoutAServiceThereAreNoMessages() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskerMessagesAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(MessageRouter.class)
				.doesNotHaveBean(TaskerMessages.class));
	}

}
