/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import systems.tasker.messaging.MessageSerializationException;

/**
 * The few things that JSON allows and PostgreSQL's {@code jsonb} does not: the character
 * U+0000 and halves of surrogate pairs. They are found before the database finds them,
 * because its error would abort the transaction of the caller, and because the driver
 * would send half a pair as a question mark.
 */
public final class JsonbText {

	private static final int ESCAPE_LENGTH = "\\u0000".length();

	private final String json;

	private JsonbText(String json) {
		this.json = json;
	}

	/**
	 * Check a JSON text.
	 * @param json the text
	 * @return its size in bytes of UTF-8
	 * @throws MessageSerializationException if {@code jsonb} cannot hold it
	 */
	public static long checkedSize(String json) {
		return new JsonbText(json).checkedSize();
	}

	private long checkedSize() {
		long size = 0;
		int index = 0;
		while (index < this.json.length()) {
			char c = this.json.charAt(index);
			int length = 1;
			if (c == '\\') {
				length = escapeLength(index);
				size += length;
			}
			else if (Character.isSurrogate(c)) {
				requirePair(c, (index + 1 < this.json.length()) ? this.json.charAt(index + 1) : 0);
				length = 2;
				size += 4;
			}
			else {
				size += (c < 0x80) ? 1 : (c < 0x800) ? 2 : 3;
			}
			index += length;
		}
		return size;
	}

	private int escapeLength(int index) {
		int unit = escapedUnit(index);
		if (unit == 0) {
			throw new MessageSerializationException("PostgreSQL cannot store the character U+0000", null);
		}
		if (unit > 0 && Character.isSurrogate((char) unit)) {
			requirePair((char) unit, (char) Math.max(0, escapedUnit(index + ESCAPE_LENGTH)));
			return 2 * ESCAPE_LENGTH;
		}
		return (unit > 0) ? ESCAPE_LENGTH : 2;
	}

	// The UTF-16 unit of an escape with four digits, or -1 when there is none.
	private int escapedUnit(int index) {
		int end = index + ESCAPE_LENGTH;
		if (end > this.json.length() || this.json.charAt(index) != '\\' || this.json.charAt(index + 1) != 'u') {
			return -1;
		}
		int unit = 0;
		for (int i = index + 2; i < end; i++) {
			int digit = Character.digit(this.json.charAt(i), 16);
			if (digit < 0) {
				return -1;
			}
			unit = unit * 16 + digit;
		}
		return unit;
	}

	private static void requirePair(char high, char low) {
		if (!Character.isSurrogatePair(high, low)) {
			throw new MessageSerializationException("PostgreSQL cannot store half of a surrogate pair", null);
		}
	}

}
