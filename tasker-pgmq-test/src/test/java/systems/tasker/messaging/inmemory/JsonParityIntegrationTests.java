/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.inmemory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.pgmq.PgmqMessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The JSON of a received message is the same whether PostgreSQL or memory kept it.
 */
class JsonParityIntegrationTests {

	private static final int MAX_BYTES = 1024 * 1024;

	private static final String QUEUE = "parity";

	@AutoClose
	private static TestDatabase database;

	private final MessagingService pgmq = new PgmqMessagingService(database.dataSource(), new Verbatim(), MAX_BYTES);

	private final MessagingService inMemory = new InMemoryMessagingService(new Verbatim(), MAX_BYTES,
			Clock.systemUTC());

	@BeforeAll
	static void createDatabase() {
		database = TaskerPostgres.shared().createDatabase();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", " [ 1 ,2 ] ", "true", "[null]", "\"\"",
			"{\"bb\":1,\"a\":2,\"B\":3,\"\":0,\"é\":4,\"zz\":5,\"€\":6,\"abc\":7,\"😀\":8,\"abcd\":9}",
			"{\"a\":1,\"b\":2,\"a\":{\"d\":[],\"c\":{}}}", "0", "-0", "0.0", "-0.0", "0e5", "0e500000", "0e-16383",
			"0e-16384", "1.50", "1e2", "1.5E+3", "12e-3", "1E400", "1e131071", "1e-16383",
			"123456789012345678901234567890.0100", "\"\\u0041\\/\\u00e9\\u20AC\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\"",
			"\"\\u001F\\u007f\\u0080\\u2028\"", "\"\\ud83d\\ude00 😀\"", "\"\\\\u0000\"", "1e131072", "1e-16384",
			"1e400000", "1e99999999999", "", " ", "no JSON", "[1,]", "{\"a\":1,}", "{a:1}", "1 2", "01", "+1", "1.",
			".5", "NaN", "'a'", "\"a\nb\"", "\"\\x\"", "\"\\u00\"", "\"", "\"\\u0000\"", "\"\\ud800\"",
			"[1] // comment" })
	void bothKeepOrRefuseTheSame(String json) {
		assertThat(kept(this.inMemory, json)).isEqualTo(kept(this.pgmq, json));
	}

	@Test
	void bothKeepNamesAndTextsOfAnyLength() {
		for (String json : List.of("{\"%s\": 1}".formatted("n".repeat(60_000)), '"' + "x".repeat(900_000) + '"')) {
			assertThat(kept(this.inMemory, json)).isEqualTo(kept(this.pgmq, json)).isEqualTo(json);
		}
	}

	private static String kept(MessagingService service, String json) {
		service.ensureQueue(QUEUE);
		try {
			service.sendMessage(QUEUE, json);
		}
		catch (MessageSerializationException ex) {
			return "refused";
		}
		return service.receiveMessages(QUEUE, String.class, 1, Duration.ofHours(1)).get(0).rawPayload();
	}

	/**
	 * Takes strings for JSON.
	 */
	private static final class Verbatim implements MessageSerializer {

		@Override
		public String serialize(Object value) {
			return value.toString();
		}

		@Override
		public <T> T deserialize(String json, Class<T> type) {
			return type.cast(json);
		}

	}

}
