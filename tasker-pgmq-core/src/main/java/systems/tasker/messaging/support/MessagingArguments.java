/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.support;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import systems.tasker.messaging.InvalidQueueNameException;
import systems.tasker.messaging.MessagingService;
import systems.tasker.messaging.QueueName;
import systems.tasker.messaging.SendOptions;

/**
 * Checks the arguments of a {@link MessagingService}, so that every provider refuses the
 * same ones in the same words, and before it does anything.
 */
public final class MessagingArguments {

	private static final int MAX_AT_ONCE = 10_000;

	private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

	private MessagingArguments() {
	}

	/**
	 * Check that an argument is there.
	 * @param <T> the type of the argument
	 * @param argument the name of the argument, for the error
	 * @param value the argument
	 * @return the argument
	 * @throws IllegalArgumentException if it is {@code null}
	 */
	public static <T> T required(String argument, @Nullable T value) {
		if (value == null) {
			throw new IllegalArgumentException(argument + " must not be null");
		}
		return value;
	}

	/**
	 * Check that a collection and all of its elements are there.
	 * @param <T> the type of the elements
	 * @param argument the name of the argument, for the error
	 * @param values the collection
	 * @return a copy of the collection, each element once and in the order given
	 * @throws IllegalArgumentException if it is or contains {@code null}
	 */
	public static <T> List<T> distinct(String argument, Collection<T> values) {
		List<T> distinct = required(argument, values).stream().distinct().toList();
		if (distinct.stream().anyMatch(Objects::isNull)) {
			throw new IllegalArgumentException(argument + " must not contain null");
		}
		return distinct;
	}

	/**
	 * Check the name of a queue.
	 * @param name the name
	 * @return the name
	 * @throws IllegalArgumentException if it is {@code null}
	 * @throws InvalidQueueNameException if it breaks the rule of {@link QueueName}
	 */
	public static String queue(String name) {
		return new QueueName(required("queue", name)).value();
	}

	/**
	 * Check a number of messages to take at once.
	 * @param max the number
	 * @return the number
	 * @throws IllegalArgumentException if it is not between 1 and 10,000
	 */
	public static int max(int max) {
		if (max < 1 || max > MAX_AT_ONCE) {
			throw new IllegalArgumentException("max must be between 1 and " + MAX_AT_ONCE + ", but is " + max);
		}
		return max;
	}

	/**
	 * Check the delay and the time of options. How long a message is hidden is for the
	 * clock of the broker to say; this is about the range only.
	 * @param options the options
	 * @param now what the clock says
	 * @return the options
	 * @throws IllegalArgumentException if they are {@code null}, or one of both is more
	 * than {@link Integer#MAX_VALUE} seconds ahead
	 */
	public static SendOptions options(SendOptions options, Instant now) {
		wholeSeconds("delay", required("options", options).delay());
		Instant notBefore = options.notBefore();
		if (notBefore != null && notBefore.isAfter(now)) {
			wholeSeconds("notBefore", Duration.between(now, notBefore));
		}
		return options;
	}

	/**
	 * Round a duration up to whole seconds, which is what PGMQ counts in: a message may
	 * be hidden longer than asked for but not shorter.
	 * @param argument the name of the argument, for the error
	 * @param duration the duration
	 * @return the number of seconds
	 * @throws IllegalArgumentException if the duration is {@code null}, negative, or
	 * longer than {@link Integer#MAX_VALUE} seconds
	 */
	public static int wholeSeconds(String argument, Duration duration) {
		return Math.toIntExact(duration(argument, duration).getSeconds() + ((duration.getNano() > 0) ? 1 : 0));
	}

	/**
	 * Check a duration that need not be whole seconds.
	 * @param argument the name of the argument, for the error
	 * @param duration the duration
	 * @return the duration
	 * @throws IllegalArgumentException if it is {@code null}, negative, or longer than
	 * {@link Integer#MAX_VALUE} seconds
	 */
	public static Duration duration(String argument, Duration duration) {
		if (required(argument, duration).isNegative() || duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					argument + " must be between 0 and " + LONGEST.getSeconds() + " seconds, but is " + duration);
		}
		return duration;
	}

	/**
	 * Check the size of the largest payload to send.
	 * @param maxMessageBytes the size, in bytes
	 * @return the size
	 * @throws IllegalArgumentException if it is below 1
	 */
	public static long maxMessageBytes(long maxMessageBytes) {
		if (maxMessageBytes < 1) {
			throw new IllegalArgumentException("maxMessageBytes must be at least 1, but is " + maxMessageBytes);
		}
		return maxMessageBytes;
	}

}
