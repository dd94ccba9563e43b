/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What makes a task unique.
 */
final class TaskIdentity {

	private TaskIdentity() {
	}

	/**
	 * Return the hash of a task.
	 * @param template the UUID of the named task
	 * @param strategy the strategy of the template
	 * @param key the idempotency key, which counts before the strategy
	 * @param context the context as JSON
	 * @return 64 hexadecimal digits, or {@code null} if the task is unlike all others
	 * @throws IdempotencyKeyRequiredException if the strategy requires a key
	 */
	static @Nullable String hash(UUID template, IdentityStrategy strategy, @Nullable String key,
			@Nullable String context) {
		if (key != null) {
			return sha256(template + "|key|" + key);
		}
		return switch (strategy) {
			case STRICT -> sha256(template + "|context|" + CanonicalJson.of((context != null) ? context : "null"));
			case CALLER_PROVIDED -> throw new IdempotencyKeyRequiredException();
			case ALWAYS_UNIQUE -> null;
		};
	}

	private static String sha256(String text) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(hash);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
