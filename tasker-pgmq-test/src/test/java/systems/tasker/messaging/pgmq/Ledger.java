/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

import systems.tasker.messaging.MessageId;

/**
 * The account of numbered messages: what callers were told of each, and whether it is now
 * where that allows it to be. A call whose connection died may have been done or not;
 * nothing else is left open.
 */
final class Ledger {

	private final ConcurrentMap<Long, List<Event>> events = new ConcurrentHashMap<>();

	private final ConcurrentMap<Long, Set<MessageId>> ids = new ConcurrentHashMap<>();

	void note(long number, Event event) {
		this.events.computeIfAbsent(number, (key) -> Collections.synchronizedList(new ArrayList<>(4))).add(event);
	}

	/**
	 * Note what was said together with the id of the message.
	 */
	void note(long number, Event event, MessageId id) {
		note(number, event);
		this.ids.computeIfAbsent(number, (key) -> ConcurrentHashMap.newKeySet(1)).add(id);
	}

	long count(Event... wanted) {
		Set<Event> set = Set.copyOf(Arrays.asList(wanted));
		return this.events.values().stream().flatMap(List::stream).filter(set::contains).count();
	}

	/**
	 * Compare with what is there when all calls have ended.
	 * @param queued the numbers in the queue, as often as they are there
	 * @param archived the numbers in the archive, as often as they are there
	 * @return what cannot be
	 */
	List<String> violations(List<Long> queued, List<Long> archived) {
		Map<Long, Integer> inQueue = count(queued);
		Map<Long, Integer> inArchive = count(archived);
		return Stream.of(this.events.keySet(), inQueue.keySet(), inArchive.keySet())
			.flatMap(Set::stream)
			.distinct()
			.sorted()
			.flatMap((number) -> violations(number, inQueue.getOrDefault(number, 0), inArchive.getOrDefault(number, 0)))
			.toList();
	}

	private static Map<Long, Integer> count(List<Long> numbers) {
		Map<Long, Integer> counts = new ConcurrentHashMap<>();
		numbers.forEach((number) -> counts.merge(number, 1, Integer::sum));
		return counts;
	}

	private Stream<String> violations(long number, int queued, int archived) {
		List<Event> noted = this.events.getOrDefault(number, List.of());
		List<String> found = new ArrayList<>();
		if (!noted.contains(Event.SENT) && !noted.contains(Event.SEND_UNKNOWN)) {
			found.add("was never sent");
		}
		if (Collections.frequency(noted, Event.ACKED) + Collections.frequency(noted, Event.ARCHIVED) > 1) {
			found.add("was settled twice");
		}
		if (this.ids.getOrDefault(number, Set.of()).size() > 1) {
			found.add("has several ids");
		}
		if (noted.contains(Event.NOT_FOUND) && !mayBeSettled(noted)) {
			found.add("was not found, but nobody settled it");
		}
		if (queued + archived > 1) {
			found.add("is there more than once");
		}
		else if (queued == 1 && isSettled(noted)) {
			found.add("is in the queue, but was settled");
		}
		else if (archived == 1 && !mayBeArchived(noted)) {
			found.add("is in the archive, but nobody put it there");
		}
		else if (queued + archived == 0 && !mayBeGone(noted)) {
			found.add("is lost");
		}
		return found.stream().map((violation) -> number + " " + violation + ": " + noted);
	}

	private static boolean isSettled(List<Event> noted) {
		return noted.contains(Event.ACKED) || noted.contains(Event.ARCHIVED);
	}

	private static boolean mayBeSettled(List<Event> noted) {
		return isSettled(noted) || noted.contains(Event.ACK_UNKNOWN) || noted.contains(Event.ARCHIVE_UNKNOWN);
	}

	private static boolean mayBeArchived(List<Event> noted) {
		return noted.contains(Event.ARCHIVED)
				|| (noted.contains(Event.ARCHIVE_UNKNOWN) && !noted.contains(Event.ACKED));
	}

	private static boolean mayBeGone(List<Event> noted) {
		boolean existed = noted.contains(Event.SENT) || noted.contains(Event.RECEIVED);
		return noted.contains(Event.ACKED) || !existed
				|| (noted.contains(Event.ACK_UNKNOWN) && !noted.contains(Event.ARCHIVED));
	}

	/**
	 * What a caller was told of a message.
	 */
	enum Event {

		SENT, SEND_UNKNOWN, RECEIVED, NACKED, NACK_UNKNOWN, ACKED, ACK_UNKNOWN, ARCHIVED, ARCHIVE_UNKNOWN,

		NOT_FOUND

	}

}
