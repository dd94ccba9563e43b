/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StuckTasksTests {

	private static final UUID TASK = UUID.randomUUID();

	private static final UUID OTHER = UUID.randomUUID();

	private final StuckTasks stuck = new StuckTasks();

	@Test
	void taskIsNewsInItsSecondSweepAndNeverAgain() {
		for (int sweep = 1; sweep <= 4; sweep++) {
			assertThat(this.stuck.isNews(TASK)).as("sweep %d", sweep).isEqualTo(sweep == 2);
			assertThat(this.stuck.isNews(TASK)).as("next batch of sweep %d", sweep).isFalse();
			this.stuck.sweepEnded(true);
		}
	}

	@Test
	void taskThatASweepDoesNotFindIsForgotten() {
		this.stuck.isNews(TASK);
		this.stuck.sweepEnded(true);
		this.stuck.isNews(OTHER);
		this.stuck.sweepEnded(true);
		assertThat(this.stuck.isNews(TASK)).isFalse();
		assertThat(this.stuck.isNews(OTHER)).isTrue();
	}

	@Test
	void sweepThatWasCutShortForgetsNothingAndCounts() {
		this.stuck.isNews(TASK);
		this.stuck.sweepEnded(true);
		this.stuck.isNews(OTHER);
		this.stuck.sweepEnded(false);
		assertThat(this.stuck.isNews(TASK)).isTrue();
		assertThat(this.stuck.isNews(OTHER)).isTrue();
	}

}
