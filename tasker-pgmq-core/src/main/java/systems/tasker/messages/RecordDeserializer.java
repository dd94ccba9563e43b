/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads the record of a message: a key that is absent is the same as one that is
 * {@code null}, unknown keys do not matter, and what is required is decided by the record
 * alone. Jackson's own way would not do, because a mapper that fails on missing or
 * {@code null} creator properties does so whatever the annotations say.
 */
final class RecordDeserializer extends ValueDeserializer<Record> {

	// Not left to the mapper, which may have formats of its own.
	private static final Map<Class<?>, Function<String, Object>> TIMES = Map.of(Instant.class,
			(text) -> OffsetDateTime.parse(parsable(text)).toInstant(), LocalDateTime.class,
			(text) -> LocalDateTime.parse(parsable(text)));

	private static final Pattern RFC_3339 = Pattern
		.compile("(?<date>\\d{4}-\\d{2}-\\d{2})[Tt ](?<time>\\d{2}:\\d{2}):(?<second>\\d{2})"
				+ "(?:(?<fraction>\\.\\d{1,9})\\d*)?(?<offset>\\D.*|)");

	private final Class<?> type;

	private final List<Field> fields;

	// Jackson makes one this way and asks it for the one that fits the type.
	RecordDeserializer() {
		this(Record.class, List.of());
	}

	private RecordDeserializer(Class<?> type, List<Field> fields) {
		this.type = type;
		this.fields = fields;
	}

	@Override
	public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
		Class<?> record = context.getContextualType().getRawClass();
		return new RecordDeserializer(record,
				Arrays.stream(record.getRecordComponents()).map((component) -> Field.of(component, context)).toList());
	}

	@Override
	public @Nullable Record deserialize(JsonParser parser, DeserializationContext context) {
		if (!parser.isExpectedStartObjectToken()) {
			return (Record) context.handleUnexpectedToken(this.type, parser);
		}
		@Nullable Object[] values = new @Nullable Object[this.fields.size()];
		for (String key = parser.nextName(); key != null; key = parser.nextName()) {
			JsonToken token = parser.nextToken();
			int index = indexOf(key);
			if (index < 0) {
				parser.skipChildren();
			}
			else {
				values[index] = (token != JsonToken.VALUE_NULL) ? read(this.fields.get(index), parser, context) : null;
			}
		}
		return create(values, context);
	}

	private int indexOf(String key) {
		for (int index = 0; index < this.fields.size(); index++) {
			if (this.fields.get(index).key().equals(key)) {
				return index;
			}
		}
		return -1;
	}

	private @Nullable Object read(Field field, JsonParser parser, DeserializationContext context) {
		try {
			Function<String, Object> time = TIMES.get(field.type().getRawClass());
			return (time != null) ? time.apply(parser.getString()) : context.readValue(parser, field.type());
		}
		catch (JacksonException | DateTimeException ex) {
			throw DatabindException.wrapWithPath(context, ex, new JacksonException.Reference(this.type, field.key()));
		}
	}

	/*
	 * RFC 3339 allows more than Java reads: a leap second, which is read as the second
	 * before it, any number of digits for the fraction, and a blank between date and
	 * time.
	 */
	private static String parsable(String text) {
		Matcher matcher = RFC_3339.matcher(text);
		if (!matcher.matches()) {
			return text;
		}
		String second = matcher.group("second").equals("60") ? "59" : matcher.group("second");
		String fraction = matcher.group("fraction");
		return matcher.group("date") + "T" + matcher.group("time") + ":" + second + ((fraction != null) ? fraction : "")
				+ matcher.group("offset");
	}

	private @Nullable Record create(@Nullable Object[] values, DeserializationContext context) {
		for (int index = 0; index < values.length; index++) {
			if (values[index] == null && this.fields.get(index).type().isPrimitive()) {
				return context.reportInputMismatch(this.type, "%s is required", this.fields.get(index).key());
			}
		}
		try {
			Class<?>[] types = this.fields.stream().map((field) -> field.type().getRawClass()).toArray(Class[]::new);
			return (Record) this.type.getDeclaredConstructor(types).newInstance(values);
		}
		catch (InvocationTargetException ex) {
			return (Record) context.handleInstantiationProblem(this.type, null, ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			return (Record) context.handleInstantiationProblem(this.type, null, ex);
		}
	}

	private record Field(String key, JavaType type) {

		static Field of(RecordComponent component, DeserializationContext context) {
			return new Field(component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT),
					context.getTypeFactory().constructType(component.getGenericType()));
		}

	}

}
