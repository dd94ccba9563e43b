/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.benchmarks;

import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import systems.tasker.test.TaskerPostgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Tag("any-postgres")
class BenchmarksIntegrationTests {

	@Test
	void discoveryPrintsRatiosAndPlans() throws Exception {
		assertThat(new DiscoveryBenchmark(TaskerPostgres.shared(), 100, 1_200, 3).run())
			.containsPattern(
					"active.* \\| `get_next_ready_tasks\\(10\\)` \\| \\d+\\.\\d+ ms \\| \\d+\\.\\d+ ms \\| \\d+\\.\\d×")
			.containsPattern("all pending \\| `get_step_readiness_status` \\| ")
			.contains("CTE Scan on found");
	}

	@Test
	void messagingPrintsRatios() throws Exception {
		assertThat(new MessagingBenchmark(TaskerPostgres.shared(), Duration.ofMillis(20), 1, 50).run())
			.containsPattern("send \\| 32 \\| \\d+ \\| \\d+\\.\\d\\d×")
			.containsPattern("receive \\| \\d+\\.\\d\\d ms");
	}

	@Test
	void unknownNameIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Benchmarks.main(new String[] { "speed" }));
	}

}
