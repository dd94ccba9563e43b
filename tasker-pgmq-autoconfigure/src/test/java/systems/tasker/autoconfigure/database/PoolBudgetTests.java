/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PoolBudgetTests {

	@Test
	void hasRoomForWhatIsDemandedOfThePool() {
		PoolBudget pool = pool(10, ConnectionDemand.pooled("pgmq", "listeners", 10, "test.listeners"),
				ConnectionDemand.direct("pgmq", "LISTEN", 5, "test.listen"));
		pool.requireRoom();
		assertThat(pool.connections()).isEqualTo(15);
		assertThat(pool.describe()).isEqualTo(
				"Pool pgmq at db opens up to 10 connections (listeners 10, application 0), and 5 beside it (LISTEN 5)");
	}

	@Test
	void refusesTheSumOfDemandsThatExceedsThePool() {
		PoolBudget pool = pool(10, ConnectionDemand.pooled("pgmq", "listeners", 8, "test.listeners"),
				ConnectionDemand.pooled("pgmq", "outbox", 3, "test.outbox"));
		assertThatExceptionOfType(DatabaseConfigurationException.class).isThrownBy(pool::requireRoom)
			.withMessage(
					"Pool pgmq is too small: the.size is 10, and 11 connections are in use at all times (listeners 8, outbox 3)")
			.satisfies((ex) -> assertThat(ex.action()).contains("Set the.size to more than 11")
				.endsWith("or lower test.listeners, test.outbox"));
	}

	@Test
	void doesNotNameWhoNeedsNothing() {
		assertThat(pool(10, ConnectionDemand.pooled("pgmq", "listeners", 0, "test.listeners"),
				ConnectionDemand.direct("pgmq", "LISTEN", 0, "test.listen"))
			.describe()).isEqualTo("Pool pgmq at db opens up to 10 connections (application 10)");
	}

	@Test
	void demandNamesAKnownPool() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionDemand.pooled("other", "listeners", 1, "test"))
			.withMessageContaining("other");
	}

	@Test
	void demandIsNotNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionDemand.direct("tasker", "LISTEN", -1, "test"))
			.withMessageContaining("-1");
	}

	private static PoolBudget pool(int maximum, ConnectionDemand... demands) {
		return new PoolBudget("pgmq", "db", "the.size", maximum, List.of(demands));
	}

}
