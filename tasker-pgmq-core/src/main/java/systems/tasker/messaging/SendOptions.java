/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * When a message becomes visible and what travels beside its payload. With both a delay
 * and a point in time the later one counts.
 *
 * @param delay how long the message stays hidden after sending, zero or more
 * @param notBefore the point in time before which the message stays hidden, if any
 * @param headers the headers, values being anything the {@link MessageSerializer} encodes
 */
public record SendOptions(Duration delay, @Nullable Instant notBefore, Map<String, @Nullable Object> headers) {

	private static final SendOptions NONE = new SendOptions(Duration.ZERO, null, Map.of());

	/**
	 * Create options with a copy of the headers.
	 * @param delay how long the message stays hidden after sending
	 * @param notBefore the point in time before which the message stays hidden
	 * @param headers the headers
	 * @throws IllegalArgumentException if the delay is negative, or delay or headers are
	 * {@code null}
	 */
	public SendOptions {
		Assert.notNull(delay, "delay must not be null");
		Assert.notNull(headers, "headers must not be null");
		if (delay.isNegative()) {
			throw new IllegalArgumentException("delay must not be negative, but is " + delay);
		}
		headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/**
	 * Return options for a message that is visible at once and has no headers.
	 * @return the options
	 */
	public static SendOptions none() {
		return NONE;
	}

	/**
	 * Return these options with a delay.
	 * @param delay how long the message stays hidden after sending, zero or more
	 * @return the new options
	 * @throws IllegalArgumentException if the delay is negative
	 */
	public SendOptions withDelay(Duration delay) {
		return new SendOptions(delay, this.notBefore, this.headers);
	}

	/**
	 * Return these options with a point in time.
	 * @param notBefore the point in time before which the message stays hidden, by the
	 * clock of the broker
	 * @return the new options
	 */
	public SendOptions withNotBefore(Instant notBefore) {
		return new SendOptions(this.delay, notBefore, this.headers);
	}

	/**
	 * Return these options with one header more.
	 * @param name the name of the header
	 * @param value the value, anything the {@link MessageSerializer} encodes
	 * @return the new options
	 */
	public SendOptions withHeader(String name, @Nullable Object value) {
		Map<String, @Nullable Object> extended = new LinkedHashMap<>(this.headers);
		extended.put(name, value);
		return new SendOptions(this.delay, this.notBefore, extended);
	}

	/**
	 * Return these options with other headers.
	 * @param headers the headers
	 * @return the new options
	 */
	public SendOptions withHeaders(Map<String, @Nullable Object> headers) {
		return new SendOptions(this.delay, this.notBefore, headers);
	}

}
