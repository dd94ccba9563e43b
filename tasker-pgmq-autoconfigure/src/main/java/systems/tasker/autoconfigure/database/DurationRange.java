/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;

/**
 * How short and how long a property may be. Whoever uses the duration counts it in
 * milliseconds or nanoseconds, also a few times over, or takes it from a time of the
 * database: without an end to the range that would fail later, and name no property.
 */
public final class DurationRange {

	/** Fifty-four years. Three times that can still be counted in nanoseconds. */
	private static final String LONGEST = "20000d";

	private final String least;

	private final String most;

	private DurationRange(String least, String most) {
		this.least = least;
		this.most = most;
	}

	/**
	 * Return a range from a shortest duration to 20,000 days.
	 * @param least the shortest, as it is written in a property, such as {@code 1ms}
	 * @return the range
	 */
	public static DurationRange from(String least) {
		return new DurationRange(least, LONGEST);
	}

	/**
	 * Return this range with another end.
	 * @param most the longest duration, as it is written in a property
	 * @return the range
	 */
	public DurationRange to(String most) {
		return new DurationRange(this.least, most);
	}

	/**
	 * Check the value of a property.
	 * @param property the name of the property
	 * @param value the value
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is out of the range
	 */
	public Duration check(String property, Duration value) {
		return check(property, value, "");
	}

	/**
	 * Check the value of a property that is about something.
	 * @param property the name of the property
	 * @param value the value
	 * @param subject what it is about, with a space at the end
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is out of the range
	 */
	public Duration check(String property, Duration value, String subject) {
		if (value.compareTo(parse(this.least)) < 0 || value.compareTo(parse(this.most)) > 0) {
			throw new InvalidConfigurationPropertyValueException(property, value,
					subject + "must be from " + this.least + " to " + this.most);
		}
		return value;
	}

	private static Duration parse(String duration) {
		return DurationStyle.SIMPLE.parse(duration);
	}

}
