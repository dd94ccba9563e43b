/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.QueueName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MessageRouterTests {

	private static final String LONGEST = "n".repeat(29);

	@Test
	void namesGoWithWorkers() {
		MessageRouter router = new MessageRouter();
		assertThat(router.stepQueue("payments")).isEqualTo("worker_payments_queue");
		assertThat(router.resultQueue()).isEqualTo("orchestration_step_results");
		assertThat(router.resultQueue("payments")).isEqualTo("orchestration_step_results");
		assertThat(router.taskRequestQueue()).isEqualTo("orchestration_task_requests");
		assertThat(router.taskFinalizationQueue()).isEqualTo("orchestration_task_finalizations");
		assertThat(router.domainEventQueue("payments")).isEqualTo("payments_domain_events");
		assertThat(router.domainEventDeadLetterQueue("payments")).isEqualTo("payments_domain_events_dlq");
	}

	@Test
	void namesGoWithDispatchers() {
		MessageRouter router = new MessageRouter(QueueNaming.dispatch());
		assertThat(router.stepQueue("payments")).isEqualTo("tasker_dispatch_payments");
		assertThat(router.resultQueue("payments")).isEqualTo("tasker_completion_payments");
		assertThat(router.taskRequestQueue()).isEqualTo("orchestration_task_requests");
		assertThat(router.taskFinalizationQueue()).isEqualTo("orchestration_task_finalizations");
		assertThat(router.domainEventQueue("payments")).isEqualTo("payments_domain_events");
		assertThatIllegalStateException().isThrownBy(router::resultQueue)
			.withMessageContaining("tasker_completion_{namespace}");
	}

	@Test
	void theLongestNamespaceFitsIntoEachName() {
		for (MessageRouter router : new MessageRouter[] { new MessageRouter(),
				new MessageRouter(QueueNaming.dispatch()) }) {
			assertThat(new QueueName(router.stepQueue(LONGEST)).namespace()).isEqualTo(LONGEST);
			assertThat(new QueueName(router.resultQueue(LONGEST))).isNotNull();
			assertThat(new QueueName(router.domainEventDeadLetterQueue(LONGEST))).isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1a", "a-b", "a b", "Payments", "a;drop table x", "a\n" })
	void badNamespacesAreRefused(String namespace) {
		MessageRouter router = new MessageRouter();
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> router.stepQueue(namespace))
			.withMessageStartingWith("Invalid namespace \"" + namespace + "\"");
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> router.resultQueue(namespace));
		assertThatExceptionOfType(InvalidQueueNameException.class).isThrownBy(() -> router.domainEventQueue(namespace));
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> router.domainEventDeadLetterQueue(namespace));
	}

	@Test
	void aNamespaceTooLongIsRefused() {
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> new MessageRouter().stepQueue(LONGEST + "n"))
			.withMessageContaining("30 characters, at most 29");
	}

	@Test
	void namesCanBeOthers() {
		MessageRouter router = new MessageRouter(
				new QueueNaming("steps_{namespace}", "results", "requests", "finals", "{namespace}_events"));
		assertThat(router.stepQueue("a")).isEqualTo("steps_a");
		assertThat(router.resultQueue()).isEqualTo("results");
		assertThat(router.taskRequestQueue()).isEqualTo("requests");
		assertThat(router.taskFinalizationQueue()).isEqualTo("finals");
		assertThat(router.domainEventDeadLetterQueue("a")).isEqualTo("a_events_dlq");
	}

	@Test
	void namesThatCannotWorkAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new QueueNaming("steps", "results", "requests", "finals", "{namespace}_events"))
			.withMessage("The name of the step queue must contain {namespace}, but is \"steps\"");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new QueueNaming("steps_{namespace}", "results", "requests", "finals", "events"))
			.withMessageContaining("domain event queue");
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new QueueNaming("steps_{namespace}", "Results", "requests", "finals", "{namespace}_events"))
			.withMessageContaining("result queue")
			.withMessageContaining("upper case");
		assertThatIllegalArgumentException().isThrownBy(
				() -> new QueueNaming("steps_{namespace}", "results", "{namespace}", "finals", "{namespace}_events"))
			.withMessageContaining("task request queue");
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new QueueNaming("steps_{namespace}", "results", "requests", "finals!", "{namespace}_events"))
			.withMessageContaining("task finalization queue");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new QueueNaming("steps_{namespace}", "results", "requests", "finals",
					"{namespace}_domain_events_"))
			.withMessageContaining("domain event queue")
			.withMessageContaining("48 characters");
	}

}
