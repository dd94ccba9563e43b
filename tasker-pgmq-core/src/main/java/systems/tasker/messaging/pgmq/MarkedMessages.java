/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import systems.tasker.messaging.MessageId;

/**
 * Messages that are to be announced, in the order in which they were marked. Not safe for
 * threads.
 */
final class MarkedMessages {

	/**
	 * Of one notification: many more than fit, so that leaving some out changes only the
	 * number it states.
	 */
	private static final int MAX_IDS = 10_000;

	private final Map<String, QueueMarks> queues = new LinkedHashMap<>();

	static MarkedMessages of(String queue, int delay, List<MessageId> ids) {
		MarkedMessages messages = new MarkedMessages();
		messages.add(queue, delay, ids);
		return messages;
	}

	/**
	 * Add messages.
	 * @param queue the queue they are in
	 * @param delay after how many seconds they become visible
	 * @param ids their ids
	 * @return whether the queue had none before
	 */
	boolean add(String queue, int delay, List<MessageId> ids) {
		boolean isNew = !this.queues.containsKey(queue);
		this.queues.computeIfAbsent(queue, (name) -> new QueueMarks()).add(delay, ids);
		return isNew;
	}

	/**
	 * Add messages.
	 * @param others the messages
	 * @return whether any queue of theirs had none before
	 */
	boolean addAll(MarkedMessages others) {
		boolean anyNew = false;
		for (Batch batch : others.batches()) {
			anyNew |= add(batch.queue(), batch.delay(), batch.ids());
		}
		return anyNew;
	}

	boolean isEmpty() {
		return this.queues.isEmpty();
	}

	/**
	 * Remove the messages of some queues.
	 * @param condition tells by its name whether to take the messages of a queue
	 * @return the removed messages
	 */
	MarkedMessages take(Predicate<String> condition) {
		MarkedMessages taken = new MarkedMessages();
		this.queues.forEach((queue, marks) -> {
			if (condition.test(queue)) {
				taken.queues.put(queue, marks);
			}
		});
		this.queues.keySet().removeAll(taken.queues.keySet());
		return taken;
	}

	Iterable<String> queues() {
		return this.queues.keySet();
	}

	List<Batch> batches() {
		List<Batch> batches = new ArrayList<>();
		this.queues.forEach((queue, marks) -> batches.addAll(marks.batches(queue)));
		return batches;
	}

	/**
	 * Messages that one notification announces.
	 *
	 * @param queue the queue they are in
	 * @param delay after how many seconds the first of them becomes visible
	 * @param ids their ids
	 */
	record Batch(String queue, int delay, List<MessageId> ids) {
	}

	/*
	 * One notification for the messages that are visible, and one for all that will be:
	 * with one for each delay, a queue could have any number of them.
	 */
	private static final class QueueMarks {

		private final List<MessageId> now = new ArrayList<>();

		private final List<MessageId> later = new ArrayList<>();

		private int earliest = Integer.MAX_VALUE;

		void add(int delay, List<MessageId> ids) {
			List<MessageId> same = (delay > 0) ? this.later : this.now;
			same.addAll(ids.subList(0, Math.min(ids.size(), MAX_IDS - same.size())));
			if (delay > 0) {
				this.earliest = Math.min(this.earliest, delay);
			}
		}

		List<Batch> batches(String queue) {
			return Stream.of(new Batch(queue, 0, this.now), new Batch(queue, this.earliest, this.later))
				.filter((batch) -> !batch.ids().isEmpty())
				.toList();
		}

	}

}
