/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SendOptionsTests {

	@Test
	void noneIsVisibleAtOnceWithoutHeaders() {
		assertThat(SendOptions.none()).isEqualTo(new SendOptions(Duration.ZERO, null, Map.of()));
	}

	@Test
	void withersKeepWhatWasSetBefore() {
		SendOptions options = SendOptions.none()
			.withDelay(Duration.ofSeconds(3))
			.withNotBefore(Instant.EPOCH)
			.withHeaders(Map.of("a", 1))
			.withHeader("b", null);
		assertThat(options.delay()).isEqualTo(Duration.ofSeconds(3));
		assertThat(options.notBefore()).isEqualTo(Instant.EPOCH);
		assertThat(options.headers()).containsEntry("a", 1).containsEntry("b", null).hasSize(2);
	}

	@Test
	void refusesNegativeDelay() {
		assertThatIllegalArgumentException().isThrownBy(() -> SendOptions.none().withDelay(Duration.ofMillis(-1)))
			.withMessage("delay must not be negative, but is PT-0.001S");
	}

	@Test
	void copiesHeaders() {
		Map<String, Object> headers = new HashMap<>(Map.of("a", 1));
		SendOptions options = SendOptions.none().withHeaders(headers);
		headers.put("b", 2);
		assertThat(options.headers()).containsOnlyKeys("a");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> options.headers().put("c", 3));
	}

	@Test
	void refusesNullByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> SendOptions.none().withDelay(null))
			.withMessage("delay must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> SendOptions.none().withHeaders(null))
			.withMessage("headers must not be null");
	}

}
