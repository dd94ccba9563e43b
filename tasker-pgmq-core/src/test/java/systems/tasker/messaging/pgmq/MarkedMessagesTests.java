/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.pgmq.MarkedMessages.Batch;

import static org.assertj.core.api.Assertions.assertThat;

class MarkedMessagesTests {

	private final MarkedMessages messages = new MarkedMessages();

	@Test
	void messagesOfOneQueueAreABatchOfThoseNowAndABatchOfThoseLater() {
		assertThat(this.messages.add("a", 0, ids(1, 2))).isTrue();
		assertThat(this.messages.add("b", 0, ids(1, 1))).isTrue();
		assertThat(this.messages.add("a", 5, ids(3, 3))).isFalse();
		assertThat(this.messages.add("a", 0, ids(4, 4))).isFalse();
		assertThat(this.messages.add("a", 3, ids(5, 5))).isFalse();
		assertThat(this.messages.add("a", 9, ids(6, 6))).isFalse();
		assertThat(this.messages.batches()).containsExactly(
				new Batch("a", 0, List.of(new MessageId(1), new MessageId(2), new MessageId(4))),
				new Batch("a", 3, List.of(new MessageId(3), new MessageId(5), new MessageId(6))),
				new Batch("b", 0, ids(1, 1)));
	}

	@Test
	void queueRemembersOnlySoManyMessages() {
		this.messages.add("a", 0, ids(1, 9_999));
		this.messages.add("a", 0, ids(10_000, 10_005));
		this.messages.add("a", 5, ids(10_006, 10_006));
		this.messages.add("b", 0, ids(1, 1));
		assertThat(this.messages.batches()).containsExactly(new Batch("a", 0, ids(1, 10_000)),
				new Batch("a", 5, ids(10_006, 10_006)), new Batch("b", 0, ids(1, 1)));
	}

	@Test
	void delayedMessagesDoNotHideThatThereIsOneNow() {
		this.messages.add("a", 5, ids(1, 20_000));
		this.messages.add("a", 0, ids(20_001, 20_002));
		assertThat(this.messages.batches()).containsExactly(new Batch("a", 0, ids(20_001, 20_002)),
				new Batch("a", 5, ids(1, 10_000)));
	}

	@Test
	void earliestDelayCountsAlsoOfMessagesThatAreNotRemembered() {
		this.messages.add("a", 5, ids(1, 10_000));
		this.messages.add("a", 2, ids(10_001, 10_001));
		assertThat(this.messages.batches()).containsExactly(new Batch("a", 2, ids(1, 10_000)));
	}

	@Test
	void takenMessagesAreGone() {
		this.messages.add("a", 0, ids(1, 1));
		this.messages.add("b", 0, ids(2, 2));
		assertThat(this.messages.take("a"::equals).batches()).containsExactly(new Batch("a", 0, ids(1, 1)));
		assertThat(this.messages.batches()).containsExactly(new Batch("b", 0, ids(2, 2)));
		assertThat(this.messages.addAll(MarkedMessages.of("a", 0, ids(3, 3)))).isTrue();
		assertThat(this.messages.addAll(MarkedMessages.of("b", 0, ids(4, 4)))).isFalse();
	}

	private static List<MessageId> ids(long first, long last) {
		return LongStream.rangeClosed(first, last).mapToObj(MessageId::new).toList();
	}

}
