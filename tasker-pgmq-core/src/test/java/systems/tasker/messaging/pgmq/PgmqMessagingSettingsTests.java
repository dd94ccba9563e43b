/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.time.Duration;

import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.JacksonMessageSerializer;
import systems.tasker.messaging.MessageSerializer;
import systems.tasker.messaging.support.CrossDatabaseSends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PgmqMessagingSettingsTests {

	private static final MessageSerializer serializer = new JacksonMessageSerializer();

	private final PgmqMessagingSettings settings = new PgmqMessagingSettings(serializer, 1);

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-0.001S", "PT1H0.000000001S", "P200000D" })
	void refusesIntervalOutOfRangeByName(Duration interval) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.settings.withNotifications(NotifyMode.COALESCED, interval))
			.withMessageContainingAll("notifyInterval", interval.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0.000000001S", "PT1H" })
	void acceptsIntervalInRange(Duration interval) {
		assertThat(this.settings.withNotifications(NotifyMode.COALESCED, interval).notifyInterval())
			.isEqualTo(interval);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -5, Long.MIN_VALUE })
	void refusesSizeBelowOneByName(long size) {
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingSettings(serializer, size))
			.withMessageContainingAll("maxMessageBytes", Long.toString(size));
	}

	@Test
	void refusesNullByName() {
		Duration interval = Duration.ofMillis(5);
		assertThatIllegalArgumentException().isThrownBy(() -> new PgmqMessagingSettings(null, 1))
			.withMessageContaining("serializer");
		assertThatIllegalArgumentException().isThrownBy(() -> this.settings.withGuard(null))
			.withMessageContaining("guard");
		assertThatIllegalArgumentException().isThrownBy(() -> this.settings.withObservationRegistry(null))
			.withMessageContaining("observationRegistry");
		assertThatIllegalArgumentException().isThrownBy(() -> this.settings.withNotifications(null, interval))
			.withMessageContaining("notifyMode");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.settings.withNotifications(NotifyMode.COALESCED, null))
			.withMessageContaining("notifyInterval");
		assertThatIllegalArgumentException().isThrownBy(() -> this.settings.withCrossDatabaseSends(null))
			.withMessageContaining("crossDatabaseSends");
		assertThat(new PgmqMessagingSettings(serializer, 1, DatabaseGuard.NONE, ObservationRegistry.NOOP,
				NotifyMode.OFF, interval, CrossDatabaseSends.ignored()))
			.isNotNull();
	}

}
