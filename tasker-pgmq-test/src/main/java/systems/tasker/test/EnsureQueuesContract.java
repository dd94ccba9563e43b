/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueuedMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code ensureQueue} and {@code ensureQueues} promise.
 */
abstract class EnsureQueuesContract extends MessagingContract {

	EnsureQueuesContract(MessagingService service) {
		super(service);
	}

	@Test
	void createsQueuesThatAreMissing() {
		List<String> queues = List.of(newName(), newName());
		this.service.ensureQueues(queues);
		assertThat(this.service.verifyQueues(queues).healthy()).isEqualTo(queues);
		queues.forEach((name) -> this.service.sendMessage(name, 1));
	}

	@Test
	void leavesQueuesThatExistAsTheyAre() {
		this.service.sendMessage(this.queue, 1);
		this.service.ensureQueue(this.queue);
		this.service.ensureQueues(List.of(this.queue, newName()));
		assertThat(receive(2)).extracting(QueuedMessage::payload).containsExactly(1);
	}

	@Test
	void acceptsAQueueNamedTwice() {
		String name = newName();
		this.service.ensureQueues(List.of(name, name));
		this.service.sendMessage(name, 1);
	}

	@Test
	void acceptsNoQueues() {
		this.service.ensureQueues(List.of());
	}

	@Test
	void acceptsTheLongestNameAndAllCharactersOfNames() {
		String longest = "_9z" + newName() + "_".repeat(44 - newName().length());
		this.service.ensureQueue(longest);
		this.service.sendMessage(longest, 1);
		assertThat(this.service.receiveMessages(longest, Integer.class, 1, HOUR)).hasSize(1);
	}

	@Test
	void makesQueuesThatDoNotShareMessages() {
		String other = newQueue();
		this.service.sendMessage(other, 1);
		assertThat(receive(1)).isEmpty();
	}

	@Test
	void isSafeWhenManyInstancesStartAtOnce() throws Exception {
		List<String> queues = Stream.generate(MessagingContract::newName).limit(4).toList();
		race(() -> {
			this.service.ensureQueues(queues);
			return this.service.sendMessage(queues.get(0), 1);
		});
		assertThat(this.service.verifyQueues(queues).healthy()).isEqualTo(queues);
		assertThat(this.service.receiveMessages(queues.get(0), Integer.class, 2 * RACERS, HOUR)).hasSize(RACERS);
	}

}
