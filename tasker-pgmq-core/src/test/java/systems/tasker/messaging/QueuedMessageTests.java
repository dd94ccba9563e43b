/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class QueuedMessageTests {

	private final MessageSerializer serializer = new JacksonMessageSerializer();

	@Test
	void givesThePayloadAndItsJson() {
		QueuedMessage<Integer> message = message("42", Integer.class);
		assertThat(message.payload()).isEqualTo(42);
		assertThat(message.rawPayload()).isEqualTo("42");
	}

	@Test
	void givesTheJsonOfAPayloadThatCannotBeDecoded() {
		QueuedMessage<Integer> message = message("{\"a\":1}", Integer.class);
		assertThat(message.rawPayload()).isEqualTo("{\"a\":1}");
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::payload)
			.withMessage("Cannot decode the payload of message 1 of queue \"q\" as java.lang.Integer");
	}

	@Test
	void reportsFailuresOfAnySerializerOnlyWhenAskedForThePayload() {
		MessageSerializer failing = new MessageSerializer() {

			@Override
			public String serialize(Object value) {
				throw new UnsupportedOperationException();
			}

			@Override
			public <T> T deserialize(String json, Class<T> type) {
				throw new IllegalStateException("broken");
			}

		};
		MessagePayload<String> payload = MessagePayload.decode("1", String.class, failing);
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(payload::value)
			.havingCause()
			.withMessage("broken");
	}

	@Test
	void keepsThePayloadOutOfToString() {
		assertThat(message("\"secret\"", String.class)).asString().doesNotContain("secret");
	}

	@Test
	void givesTheHeadersAndTheirJson() {
		QueuedMessage<Integer> message = message("1", Integer.class, "{\"a\":null}");
		assertThat(message.headers()).containsEntry("a", null).hasSize(1);
		assertThat(message.rawHeaders()).isEqualTo("{\"a\":null}");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> message.headers().clear());
	}

	@Test
	void givesTheJsonOfHeadersThatCannotBeDecoded() {
		QueuedMessage<Integer> message = message("1", Integer.class, "[1]");
		assertThat(message.rawHeaders()).isEqualTo("[1]");
		assertThat(message.payload()).isOne();
		assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(message::headers)
			.withMessage("Cannot decode the headers of message 1 of queue \"q\" as java.util.Map");
	}

	@Test
	void keepsHeadersOutOfToString() {
		assertThat(message("1", Integer.class, "{\"a\":\"secret\"}")).asString().doesNotContain("secret");
	}

	private <T> QueuedMessage<T> message(String json, Class<T> type) {
		return message(json, type, null);
	}

	private <T> QueuedMessage<T> message(String json, Class<T> type, String headers) {
		return new QueuedMessage<>("q", new MessageId(1), new ReceiptHandle("1"), 1, Instant.EPOCH, Instant.EPOCH,
				MessageHeaders.decode(headers, this.serializer), MessagePayload.decode(json, type, this.serializer));
	}

}
