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

import systems.tasker.messaging.MessageId;

/**
 * Messages that are to be announced, in the order in which they were marked. Not safe for
 * threads.
 */
final class MarkedMessages {

	/**
	 * Many more than fit into a notification, so that leaving some out changes only the
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
		this.queues.forEach(
				(queue, marks) -> marks.idsByDelay.forEach((delay, ids) -> batches.add(new Batch(queue, delay, ids))));
		return batches;
	}

	/**
	 * Messages that one notification can announce.
	 *
	 * @param queue the queue they are in
	 * @param delay after how many seconds they become visible
	 * @param ids their ids
	 */
	record Batch(String queue, int delay, List<MessageId> ids) {
	}

	private static final class QueueMarks {

		private final Map<Integer, List<MessageId>> idsByDelay = new LinkedHashMap<>();

		private int size;

		void add(int delay, List<MessageId> ids) {
			int room = MAX_IDS - this.size;
			if (delay == 0 && !this.idsByDelay.containsKey(0)) {
				// Whatever is to come later, it must not hide that there is something
				// now.
				room = Math.max(1, room);
			}
			List<MessageId> added = (ids.size() <= room) ? ids : ids.subList(0, Math.max(0, room));
			if (!added.isEmpty()) {
				this.idsByDelay.computeIfAbsent(delay, (seconds) -> new ArrayList<>()).addAll(added);
				this.size += added.size();
			}
		}

	}

}
