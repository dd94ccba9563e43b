/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AutovacuumTests {

	@Test
	void acceptsTheBoundsOfPostgres() {
		assertThat(new Autovacuum(0, 0, Duration.ZERO).costDelayMillis()).isZero();
		assertThat(new Autovacuum(100, Integer.MAX_VALUE, Duration.ofMillis(100)).costDelayMillis()).isEqualTo(100);
		assertThat(new Autovacuum(1, 1, Duration.ofNanos(500_000)).costDelayMillis()).isEqualTo(0.5);
	}

	@Test
	void refusesWhatPostgresWould() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(-0.1, 0, Duration.ZERO))
			.withMessageContaining("scaleFactor");
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(100.1, 0, Duration.ZERO))
			.withMessageContaining("scaleFactor");
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(Double.NaN, 0, Duration.ZERO))
			.withMessageContaining("scaleFactor");
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(0, -1, Duration.ZERO))
			.withMessageContaining("threshold");
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(0, 0, Duration.ofMillis(-1)))
			.withMessageContaining("costDelay");
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(0, 0, Duration.ofMillis(101)))
			.withMessageContaining("costDelay");
	}

	@Test
	void refusesNullByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Autovacuum(0, 0, null))
			.withMessage("costDelay must not be null");
	}

}
