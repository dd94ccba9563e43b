/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long to wait before a step is tried again, in whole seconds.
 *
 * @param base what the pause is without any attempt, 1 ms to 68 years
 * @param multiplier by how much it grows with each attempt, at least 1
 * @param maximum the longest pause, 1 s to 68 years
 * @param jitter by which part it is made longer or shorter at random, 0 to 1
 * @param random returns numbers from 0 (inclusive) to 1 (exclusive)
 */
public record RetryBackoff(Duration base, double multiplier, Duration maximum, double jitter, DoubleSupplier random) {

	private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

	private static final Pattern SECONDS = Pattern.compile("0*(\\d+)");

	/** The zones of RFC 2822 that have a name, and the one for "unknown". */
	private static final Map<String, String> ZONES = Map.ofEntries(Map.entry("UT", "GMT"), Map.entry("UTC", "GMT"),
			Map.entry("-0000", "GMT"), Map.entry("EST", "-0500"), Map.entry("EDT", "-0400"), Map.entry("CST", "-0600"),
			Map.entry("CDT", "-0500"), Map.entry("MST", "-0700"), Map.entry("MDT", "-0600"), Map.entry("PST", "-0800"),
			Map.entry("PDT", "-0700"));

	/** More digits are more than an integer has. */
	private static final int MAX_DIGITS = 9;

	private static final double MILLIS = 1000;

	/**
	 * Create a backoff.
	 * @param base what the pause is without any attempt
	 * @param multiplier by how much it grows with each attempt
	 * @param maximum the longest pause
	 * @param jitter by which part it is made longer or shorter at random
	 * @param random returns numbers from 0 to 1
	 * @throws IllegalArgumentException if one of them is out of range
	 */
	public RetryBackoff {
		require(Arguments.required("base", base).compareTo(Duration.ofMillis(1)) >= 0 && base.compareTo(LONGEST) <= 0,
				"base", "1 ms to " + LONGEST.toSeconds() + " seconds", base);
		require(multiplier >= 1 && Double.isFinite(multiplier), "multiplier", "at least 1", multiplier);
		require(Arguments.required("maximum", maximum).getSeconds() >= 1 && maximum.compareTo(LONGEST) <= 0, "maximum",
				"1 to " + LONGEST.toSeconds() + " seconds", maximum);
		require(jitter >= 0 && jitter <= 1, "jitter", "0 to 1", jitter);
		Arguments.required("random", random);
	}

	/**
	 * Return the backoff that Tasker's services use: 1 s, doubled with each attempt, ±15
	 * percent, at most an hour.
	 * @return the backoff
	 */
	public static RetryBackoff defaults() {
		return new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofHours(1), 0.15,
				() -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Return the pause after a failure.
	 * @param attempts how many attempts were made, the failed one included
	 * @return the pause in seconds, 0 to the maximum
	 */
	public int afterAttempts(int attempts) {
		double growing = this.base.toMillis() / MILLIS * Math.pow(this.multiplier, attempts);
		// What has grown beyond all numbers would be none after the jitter.
		double pause = Math.min(growing, this.maximum.getSeconds());
		double jittered = pause * (1 - this.jitter + 2 * this.jitter * this.random.getAsDouble());
		return (int) Math.min(Math.round(jittered), this.maximum.getSeconds());
	}

	/**
	 * Return the pause that a server asks for. No jitter is added.
	 * @param retryAfter the header: a number of seconds, or a date as in RFC 2822
	 * @param now the time that the pause begins
	 * @return the pause in seconds, 0 to the maximum; empty if the header cannot be read
	 */
	public OptionalInt retryAfter(String retryAfter, Instant now) {
		String value = retryAfter.strip();
		Matcher seconds = SECONDS.matcher(value);
		if (seconds.matches()) {
			String digits = seconds.group(1);
			return OptionalInt.of(limited((digits.length() > MAX_DIGITS) ? Long.MAX_VALUE : Long.parseLong(digits)));
		}
		int zone = value.lastIndexOf(' ') + 1;
		String date = value.substring(0, zone)
				+ ZONES.getOrDefault(value.substring(zone).toUpperCase(Locale.ROOT), value.substring(zone));
		try {
			Instant end = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
			long millis = Duration.between(now, end).toMillis();
			return OptionalInt.of(limited((long) Math.ceil(millis / MILLIS)));
		}
		catch (DateTimeException ex) {
			return OptionalInt.empty();
		}
	}

	// Return what somebody asks for, 0 to the maximum.
	int limited(long seconds) {
		return (int) Math.max(0, Math.min(seconds, this.maximum.getSeconds()));
	}

	private static void require(boolean condition, String argument, String range, Object value) {
		if (!condition) {
			throw new IllegalArgumentException("%s must be %s, but is %s".formatted(argument, range, value));
		}
	}

}
