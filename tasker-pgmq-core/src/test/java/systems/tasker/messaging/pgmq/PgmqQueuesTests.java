/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

import systems.tasker.database.DatabaseGuard;
import systems.tasker.messaging.InvalidQueueNameException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What {@link PgmqQueues} refuses without asking the database.
 */
class PgmqQueuesTests {

	private static final Duration DAY = Duration.ofDays(1);

	private static final Autovacuum AUTOVACUUM = new Autovacuum(0.01, 50, Duration.ofMillis(2));

	private static final DataSource NEVER_ASKED = new AbstractDataSource() {

		@Override
		public Connection getConnection() {
			throw new AssertionError("The database was asked");
		}

		@Override
		public Connection getConnection(String username, String password) {
			return getConnection();
		}

	};

	private final PgmqQueues queues = new PgmqQueues(NEVER_ASKED, DatabaseGuard.NONE);

	@Test
	void nullIsRefusedByName() {
		assertRefused("pgmq must not be null", () -> new PgmqQueues(null, DatabaseGuard.NONE));
		assertRefused("guard must not be null", () -> new PgmqQueues(NEVER_ASKED, null));
		assertRefused("queues must not be null", () -> this.queues.ensure(null, false));
		assertRefused("queues must not contain null", () -> this.queues.ensure(Arrays.asList("orders", null), false));
		assertRefused("queue must not be null", () -> this.queues.setAutovacuum(null, AUTOVACUUM, false));
		assertRefused("autovacuum must not be null", () -> this.queues.setAutovacuum("orders", null, false));
		assertRefused("queue must not be null", () -> this.queues.deleteArchived(null, DAY, 1));
		assertRefused("retention must not be null", () -> this.queues.deleteArchived("orders", null, 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Orders", "a-b", "1st" })
	void invalidQueueNameIsRefused(String name) {
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> this.queues.ensure(List.of("orders", name), false));
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> this.queues.setAutovacuum(name, AUTOVACUUM, false));
		assertThatExceptionOfType(InvalidQueueNameException.class)
			.isThrownBy(() -> this.queues.deleteArchived(name, DAY, 1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-0.001S", "P-1D", "PT2147483648S", "PT9223372036854775807S" })
	void retentionOutOfRangeIsRefusedByName(Duration retention) {
		assertRefused("retention must be between 0 and 2147483647 seconds, but is " + retention,
				() -> this.queues.deleteArchived("orders", retention, 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 10_001, Integer.MAX_VALUE })
	void numberOutOfRangeIsRefusedByName(int max) {
		assertRefused("max must be between 1 and 10000, but is " + max,
				() -> this.queues.deleteArchived("orders", DAY, max));
	}

	private static void assertRefused(String message, Runnable call) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
