/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messages;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes an integer as a number, also with a mapper that writes those of 64 bits as
 * strings, as browsers like them.
 */
final class IntegerSerializer extends ValueSerializer<Number> {

	@Override
	public void serialize(Number value, JsonGenerator generator, SerializationContext context) {
		generator.writeNumber(value.longValue());
	}

}
