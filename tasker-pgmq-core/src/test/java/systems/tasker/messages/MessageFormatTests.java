/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.ToStringSerializer;

import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessagePayload;
import systems.tasker.messaging.MessageSerializationException;
import systems.tasker.messaging.MessageSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that messages are read and written as other services do, whatever the mapper.
 */
class MessageFormatTests {

	// Where a message holds the record of another type.
	private static final List<String> RECORDS = List.of("", "/task_request", "/metadata", "/error",
			"/orchestration_metadata", "/orchestration_metadata/backoff_hint");

	private final MessageSerializer serializer = new JacksonMessageSerializer();

	@ParameterizedTest(name = "{0} with {1}")
	@MethodSource
	void messagesAreTheSameWithAnyMapper(RecordedMessage recorded, String name, MessageSerializer anySerializer) {
		Object message = anySerializer.deserialize(recorded.json(), recorded.type());
		assertThat(message).isEqualTo(this.serializer.deserialize(recorded.json(), recorded.type()));
		assertThat(RecordedMessage.parse(anySerializer.serialize(message))).isEqualTo(recorded.tree());
	}

	static Stream<Arguments> messagesAreTheSameWithAnyMapper() {
		return Stream.of(RecordedMessage.values())
			.flatMap((recorded) -> mappers().entrySet()
				.stream()
				.map((mapper) -> Arguments.of(recorded, mapper.getKey(),
						new JacksonMessageSerializer(mapper.getValue().build()))));
	}

	private static Map<String, JsonMapper.Builder> mappers() {
		Map<String, JsonMapper.Builder> mappers = new HashMap<>(Map.of("defaults", JsonMapper.builder(), "names",
				JsonMapper.builder()
					.propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
					.enable(MapperFeature.ALLOW_EXPLICIT_PROPERTY_RENAMING),
				"nothing empty",
				JsonMapper.builder()
					.changeDefaultPropertyInclusion((any) -> JsonInclude.Value
						.construct(JsonInclude.Include.NON_DEFAULT, JsonInclude.Include.NON_NULL)),
				"strict",
				JsonMapper.builder()
					.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
							DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
							DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
							DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
					.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS),
				"numbers for dates", JsonMapper.builder().enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS),
				"dates of its own",
				JsonMapper.builder()
					.defaultTimeZone(TimeZone.getTimeZone("America/New_York"))
					.enable(DateTimeFeature.TRUNCATE_TO_MSECS_ON_READ, DateTimeFeature.TRUNCATE_TO_MSECS_ON_WRITE)
					.withConfigOverride(Instant.class,
							(format) -> format.setFormat(JsonFormat.Value.forPattern("yyyy")
								.withTimeZone(TimeZone.getTimeZone("America/New_York"))))
					.withConfigOverride(LocalDateTime.class,
							(format) -> format.setFormat(JsonFormat.Value.forPattern("dd.MM.yyyy HH:mm"))),
				"nothing visible",
				JsonMapper.builder()
					.changeDefaultVisibility(
							(any) -> any.withVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)),
				"numbers for enums", JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_USING_INDEX),
				"lower case enums", JsonMapper.builder().enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE),
				"unwrapped lists",
				JsonMapper.builder().enable(SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED)));
		mappers.put("roots",
				JsonMapper.builder()
					.enable(SerializationFeature.WRAP_ROOT_VALUE)
					.enable(DeserializationFeature.UNWRAP_ROOT_VALUE));
		mappers.put("texts for numbers", JsonMapper.builder().enable(JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS));
		// Only those of the records: the recorded messages have whole numbers in "any"
		// values, too.
		mappers.put("longs of its own",
				JsonMapper.builder()
					.addModule(new SimpleModule().addSerializer(Long.class, ToStringSerializer.instance)
						.addSerializer(long.class, ToStringSerializer.instance)));
		mappers.put("longs as texts by override",
				JsonMapper.builder()
					.withConfigOverride(Long.class,
							(format) -> format.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.STRING))));
		mappers.put("binary identifiers",
				JsonMapper.builder()
					.withConfigOverride(UUID.class,
							(format) -> format.setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.BINARY))));
		return mappers;
	}

	@ParameterizedTest
	@EnumSource
	void unknownKeysAreIgnored(RecordedMessage recorded) {
		ObjectNode tree = recorded.tree();
		for (ObjectNode node : records(tree)) {
			node.putObject("unknown_key").putArray("depth").add(1);
			node.putNull("unknown_null");
		}
		assertThat(RecordedMessage.parse(write(read(tree, recorded)))).isEqualTo(recorded.tree());
	}

	@Test
	void optionalKeysMayBeNull() {
		ObjectNode tree = RecordedMessage.STEP_RESULT_MINIMAL.tree();
		tree.putNull("orchestration_metadata");
		((ObjectNode) tree.get("error")).putNull("error_type")
			.putNull("backtrace")
			.putNull("status_code")
			.putNull("context");
		((ObjectNode) tree.get("metadata")).putNull("handler_version")
			.putNull("worker_id")
			.putNull("worker_hostname")
			.putNull("started_at")
			.putNull("error_code")
			.putNull("error_type");
		assertThat(read(tree, RecordedMessage.STEP_RESULT_MINIMAL))
			.isEqualTo(read(RecordedMessage.STEP_RESULT_MINIMAL.tree(), RecordedMessage.STEP_RESULT_MINIMAL));
		tree = RecordedMessage.TASK_REQUEST_MINIMAL.tree();
		((ObjectNode) tree.get("task_request")).putNull("options")
			.putNull("priority")
			.putNull("parent_correlation_id")
			.putNull("idempotency_key");
		assertThat(read(tree, RecordedMessage.TASK_REQUEST_MINIMAL))
			.isEqualTo(read(RecordedMessage.TASK_REQUEST_MINIMAL.tree(), RecordedMessage.TASK_REQUEST_MINIMAL));
	}

	@Test
	void absentMapsAndListsAreEmpty() {
		ObjectNode tree = RecordedMessage.TASK_REQUEST.tree();
		((ObjectNode) tree.get("task_request")).remove(List.of("tags", "options"));
		((ObjectNode) tree.get("metadata")).remove("custom");
		TaskRequestMessage request = (TaskRequestMessage) read(tree, RecordedMessage.TASK_REQUEST);
		assertThat(request.taskRequest().tags()).isEmpty();
		assertThat(request.taskRequest().options()).isEmpty();
		assertThat(request.metadata().custom()).isEmpty();
		tree = RecordedMessage.STEP_RESULT_FAILED.tree();
		((ObjectNode) tree.get("metadata")).remove(List.of("custom", "context"));
		((ObjectNode) tree.get("error")).remove(List.of("backtrace", "context"));
		((ObjectNode) tree.get("orchestration_metadata")).remove(List.of("headers", "custom"));
		StepExecutionResult result = (StepExecutionResult) read(tree, RecordedMessage.STEP_RESULT_FAILED);
		assertThat(result.metadata().custom()).isEmpty();
		assertThat(result.metadata().context()).isEmpty();
		assertThat(result.error().backtrace()).isEmpty();
		assertThat(result.error().context()).isEmpty();
		assertThat(result.orchestrationMetadata().headers()).isEmpty();
		assertThat(result.orchestrationMetadata().custom()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			STEP,                                           , task_uuid
			STEP,                                           , step_uuid
			STEP,                                           , correlation_id
			TASK_REQUEST,                                   , request_id
			TASK_REQUEST,                                   , task_request
			TASK_REQUEST,                                   , metadata
			TASK_REQUEST,       /task_request               , name
			TASK_REQUEST,       /task_request               , namespace
			TASK_REQUEST,       /task_request               , version
			TASK_REQUEST,       /task_request               , initiator
			TASK_REQUEST,       /task_request               , source_system
			TASK_REQUEST,       /task_request               , reason
			TASK_REQUEST,       /task_request               , requested_at
			TASK_REQUEST,       /metadata                   , requested_at
			TASK_REQUEST,       /metadata                   , requester
			TASK_REQUEST,       /metadata                   , priority
			STEP_RESULT,                                    , step_uuid
			STEP_RESULT,                                    , success
			STEP_RESULT,                                    , metadata
			STEP_RESULT,        /metadata                   , execution_time_ms
			STEP_RESULT,        /metadata                   , retryable
			STEP_RESULT,        /metadata                   , completed_at
			STEP_RESULT_FAILED, /error                      , message
			STEP_RESULT_FAILED, /error                      , retryable
			STEP_RESULT_FAILED, /orchestration_metadata/backoff_hint, backoff_type
			STEP_RESULT_FAILED, /orchestration_metadata/backoff_hint, delay_seconds
			TASK_FINALIZATION,                              , task_uuid
			TASK_FINALIZATION,                              , namespace
			TASK_FINALIZATION,                              , correlation_id
			""")
	void requiredKeysAreNamedWhenTheyAreMissing(RecordedMessage recorded, String parent, String key) {
		ObjectNode tree = recorded.tree();
		ObjectNode node = (ObjectNode) tree.at((parent != null) ? parent : "");
		node.remove(key);
		assertThatReading(tree, recorded).withStackTraceContaining(key + " is required");
		node.putNull(key);
		assertThatReading(tree, recorded).withStackTraceContaining(key + " is required");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					STEP               |                | task_uuid       | "x"                  | task_uuid
					TASK_REQUEST       | /task_request  | priority        | 101                  | priority must be between -100 and 100, but is 101
					TASK_REQUEST       | /task_request  | priority        | -101                 | priority must be between -100 and 100, but is -101
					TASK_REQUEST       | /task_request  | name            | ""                   | name must not be empty
					TASK_REQUEST       | /task_request  | tags            | ["a", null]          | tags must not contain null
					TASK_REQUEST       | /task_request  | requested_at    | "yesterday"          | requested_at
					TASK_REQUEST       | /task_request  | requested_at    | 1704110400           | requested_at
					TASK_REQUEST       | /task_request  | requested_at    | {"a": "b"}           | requested_at
					TASK_REQUEST       | /metadata      | requested_at    | "2024-01-01T12:00:00" | requested_at
					TASK_REQUEST       | /metadata      | priority        | "high"               | priority must be Low, Normal, High or Urgent, but is high
					TASK_REQUEST       | /metadata      | priority        | 2                    | priority
					TASK_REQUEST       |                | metadata        | []                   | metadata
					STEP_RESULT_FAILED | /error         | status_code     | 65536                | status_code must be between 0 and 65535, but is 65536
					STEP_RESULT_FAILED | /orchestration_metadata | headers | {"a": null}         | headers must not contain null
					STEP_RESULT_FAILED | /orchestration_metadata/backoff_hint | delay_seconds | -1 | delay_seconds must be between 0 and 4294967295, but is -1
					STEP_RESULT_FAILED | /orchestration_metadata/backoff_hint | backoff_type | "Server" | backoff_type must be ServerRequested
					""")
	void wrongValuesAreNamed(RecordedMessage recorded, String parent, String key, String value, String error) {
		ObjectNode tree = recorded.tree();
		((ObjectNode) tree.at((parent != null) ? parent : "")).set(key, RecordedMessage.parse(value));
		assertThatReading(tree, recorded).withStackTraceContaining(error);
	}

	@ParameterizedTest
	@CsvSource({ "true, completed", "false, failed" })
	void statusFollowsFromSuccessWhenEmpty(boolean success, String status) {
		ObjectNode tree = RecordedMessage.STEP_RESULT.tree().put("success", success);
		for (ObjectNode node : List.of(tree.deepCopy().without("status"), tree.deepCopy().put("status", ""),
				tree.deepCopy().putNull("status"))) {
			StepExecutionResult result = (StepExecutionResult) read(node, RecordedMessage.STEP_RESULT);
			assertThat(result.status()).isEqualTo(status);
			assertThat(RecordedMessage.parse(write(result)).get("status").asString()).isEqualTo(status);
		}
	}

	@Test
	void statusIsKeptWhenGiven() {
		ObjectNode tree = RecordedMessage.STEP_RESULT.tree().put("status", "cancelled");
		assertThat(RecordedMessage.parse(write(read(tree, RecordedMessage.STEP_RESULT)))).isEqualTo(tree);
	}

	@Test
	void correlationIdIsMadeWhenAbsent() {
		ObjectNode tree = RecordedMessage.TASK_REQUEST.tree();
		((ObjectNode) tree.get("task_request")).remove("correlation_id");
		TaskRequestMessage request = (TaskRequestMessage) read(tree, RecordedMessage.TASK_REQUEST);
		assertThat(request.taskRequest().correlationId().version()).isEqualTo(7);
	}

	@ParameterizedTest
	@CsvSource({ "2024-01-01T12:00:00, 2024-01-01T12:00:00", "2024-01-01T12:00:07.5, 2024-01-01T12:00:07.500",
			"2024-01-01T12:00:00.123456, 2024-01-01T12:00:00.123456",
			"2024-01-01T12:00:00.123456789, 2024-01-01T12:00:00.123456789" })
	void timestampsWithoutZoneKeepTheirFractionAndSeconds(String written, String expected) {
		ObjectNode tree = RecordedMessage.TASK_REQUEST.tree();
		((ObjectNode) tree.get("task_request")).put("requested_at", written);
		TaskRequestMessage request = (TaskRequestMessage) read(tree, RecordedMessage.TASK_REQUEST);
		assertThat(request.taskRequest().requestedAt()).isEqualTo(LocalDateTime.parse(written));
		assertThat(RecordedMessage.parse(write(request)).at("/task_request/requested_at").asString())
			.isEqualTo(expected);
	}

	@Test
	void numbersOfTheRecordsAreNumbersWithAnyMapper() {
		MessageSerializer texts = new JacksonMessageSerializer(JsonMapper.builder()
			.addModule(new SimpleModule().addSerializer(Integer.class, ToStringSerializer.instance))
			.build());
		StepExecutionError error = new StepExecutionError("no", null, null, true, 429, null);
		assertThat(texts.serialize(error)).contains("\"status_code\":429");
		TaskRequest request = TaskRequest.builder("a", "b", "1")
			.initiator("c")
			.sourceSystem("d")
			.reason("e")
			.priority(7)
			.build();
		assertThat(texts.serialize(request)).contains("\"priority\":7");
	}

	@Test
	void instantsOfAnyOffsetAreWrittenInUtc() {
		ObjectNode tree = RecordedMessage.TASK_REQUEST.tree();
		((ObjectNode) tree.get("metadata")).put("requested_at", "2024-01-01T14:00:00.5+02:00");
		assertThat(RecordedMessage.parse(write(read(tree, RecordedMessage.TASK_REQUEST)))
			.at("/metadata/requested_at")
			.asString()).isEqualTo("2024-01-01T12:00:00.500Z");
	}

	@ParameterizedTest
	@CsvSource({ "2016-12-31T23:59:60Z, 2016-12-31T23:59:59Z", "2016-12-31T23:59:60.5+00:00, 2016-12-31T23:59:59.500Z",
			"2024-01-01 12:00:00Z, 2024-01-01T12:00:00Z", "2024-01-01t12:00:00z, 2024-01-01T12:00:00Z",
			"2024-01-01T12:00:00.1234567899+01:00, 2024-01-01T11:00:00.123456789Z" })
	void allInstantsOfRfc3339AreRead(String written, String expected) {
		ObjectNode tree = RecordedMessage.TASK_REQUEST.tree();
		((ObjectNode) tree.get("metadata")).put("requested_at", written);
		assertThat(RecordedMessage.parse(write(read(tree, RecordedMessage.TASK_REQUEST)))
			.at("/metadata/requested_at")
			.asString()).isEqualTo(expected);
	}

	@Test
	void valuesOfTheApplicationAreWrittenByItsMapper() {
		MessageSerializer camelCase = new JacksonMessageSerializer(
				JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE).build());
		StepExecutionResult result = StepExecutionResult.completed(UUID.randomUUID(), new Charge(1999),
				StepExecutionMetadata.of(Instant.EPOCH, Instant.EPOCH, false));
		assertThat(RecordedMessage.parse(camelCase.serialize(result)).at("/result/AmountInCents").asInt())
			.isEqualTo(1999);
	}

	@Test
	void theExamplesOfTheDocumentationAreRecordedMessages() throws IOException {
		Set<String> recorded = Stream.of(RecordedMessage.values())
			.map(RecordedMessage::json)
			.collect(Collectors.toSet());
		List<String> examples = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("..", "docs", "messages.md")))
			.results()
			.map((example) -> example.group(1))
			.toList();
		assertThat(examples).hasSize(4).isSubsetOf(recorded);
	}

	private Object read(ObjectNode tree, RecordedMessage recorded) {
		return MessagePayload.decode(tree.toString(), recorded.type(), this.serializer).value();
	}

	private String write(Object message) {
		return this.serializer.serialize(message);
	}

	private ThrowableAssertAlternative<MessageSerializationException> assertThatReading(ObjectNode tree,
			RecordedMessage recorded) {
		return assertThatExceptionOfType(MessageSerializationException.class).isThrownBy(() -> read(tree, recorded));
	}

	private static List<ObjectNode> records(ObjectNode tree) {
		List<ObjectNode> nodes = new ArrayList<>();
		for (String pointer : RECORDS) {
			if (tree.at(pointer) instanceof ObjectNode node) {
				nodes.add(node);
			}
		}
		return nodes;
	}

	record Charge(int amountInCents) {

	}

}
