/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import systems.tasker.messaging.MessageId;
import systems.tasker.messaging.pgmq.Ledger.Event;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * That the account of the stress test finds what is wrong, and only that.
 */
class LedgerTests {

	private final Ledger ledger = new Ledger();

	@ParameterizedTest
	@CsvSource({ "SENT, 1, 0", "SENT RECEIVED NACKED, 1, 0", "SENT RECEIVED ACKED, 0, 0",
			"SENT RECEIVED ARCHIVED, 0, 1", "SEND_UNKNOWN, 0, 0", "SEND_UNKNOWN, 1, 0",
			"SEND_UNKNOWN RECEIVED ACKED, 0, 0", "SENT RECEIVED ACK_UNKNOWN, 0, 0", "SENT RECEIVED ACK_UNKNOWN, 1, 0",
			"SENT RECEIVED ACK_UNKNOWN RECEIVED ACKED, 0, 0", "SENT RECEIVED ARCHIVE_UNKNOWN, 1, 0",
			"SENT RECEIVED ARCHIVE_UNKNOWN, 0, 1", "SENT RECEIVED ARCHIVE_UNKNOWN RECEIVED ACKED, 0, 0",
			"SENT RECEIVED ACK_UNKNOWN NOT_FOUND, 0, 0", "SENT RECEIVED RECEIVED ACKED NOT_FOUND, 0, 0" })
	void acceptsWhatMayBe(String events, int queued, int archived) {
		assertThat(violations(events, queued, archived)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "SENT, 0, 0, is lost", "SENT RECEIVED, 0, 0, is lost", "SENT RECEIVED NACKED, 0, 0, is lost",
			"SENT RECEIVED NACK_UNKNOWN, 0, 0, is lost", "SEND_UNKNOWN RECEIVED, 0, 0, is lost",
			"SENT RECEIVED ARCHIVE_UNKNOWN, 0, 0, is lost", "SENT RECEIVED ARCHIVED ACK_UNKNOWN, 0, 0, is lost",
			"SENT RECEIVED ACKED RECEIVED ACKED, 0, 0, was settled twice",
			"SENT RECEIVED ACKED ARCHIVED, 0, 0, was settled twice",
			"SENT RECEIVED ACKED, 1, 0, 'is in the queue, but was settled'",
			"SENT RECEIVED ARCHIVED, 1, 0, 'is in the queue, but was settled'",
			"SENT, 0, 1, 'is in the archive, but nobody put it there'",
			"SENT RECEIVED ARCHIVE_UNKNOWN ACKED, 0, 1, 'is in the archive, but nobody put it there'",
			"RECEIVED ACKED, 0, 0, was never sent", "SENT, 2, 0, is there more than once",
			"SENT RECEIVED ARCHIVE_UNKNOWN, 1, 1, is there more than once",
			"SENT RECEIVED NOT_FOUND, 1, 0, 'was not found, but nobody settled it'" })
	void namesWhatCannotBe(String events, int queued, int archived, String violation) {
		assertThat(violations(events, queued, archived)).singleElement()
			.asString()
			.startsWith("7 " + violation + ": [" + events.replace(" ", ", "));
	}

	@Test
	void noticesAMessageOfWhichNobodyHasHeard() {
		assertThat(this.ledger.violations(List.of(7L), List.of())).containsExactly("7 was never sent: []");
	}

	@Test
	void noticesAMessageWithTwoIds() {
		this.ledger.note(7, Event.SENT, new MessageId(1));
		this.ledger.note(7, Event.RECEIVED, new MessageId(2));
		assertThat(this.ledger.violations(List.of(7L), List.of()))
			.containsExactly("7 has several ids: [SENT, RECEIVED]");
	}

	@Test
	void countsEvents() {
		this.ledger.note(7, Event.SENT);
		this.ledger.note(8, Event.SENT);
		this.ledger.note(8, Event.ACKED);
		assertThat(this.ledger.count(Event.SENT)).isEqualTo(2);
		assertThat(this.ledger.count(Event.SENT, Event.ACKED)).isEqualTo(3);
	}

	private List<String> violations(String events, int queued, int archived) {
		Stream.of(events.split(" ")).map(Event::valueOf).forEach((event) -> this.ledger.note(7, event));
		return this.ledger.violations(Stream.generate(() -> 7L).limit(queued).toList(),
				Stream.generate(() -> 7L).limit(archived).toList());
	}

}
