/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a timestamp without zone, always with seconds: its own text omits them when they
 * are zero, and then other readers refuse it.
 */
final class LocalDateTimeSerializer extends ValueSerializer<LocalDateTime> {

	@Override
	public void serialize(LocalDateTime value, JsonGenerator generator, SerializationContext context) {
		String instant = value.toInstant(ZoneOffset.UTC).toString();
		generator.writeString(instant.substring(0, instant.length() - 1));
	}

}
