/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class StepWorkConcurrencyIntegrationTests {

	private final ConcurrentSessions sessions;

	private final TaskerSession first;

	private final TaskerSession second;

	StepWorkConcurrencyIntegrationTests(String zone) {
		this.sessions = new ConcurrentSessions(zone);
		this.first = this.sessions.open();
		this.second = this.sessions.open();
	}

	@AfterEach
	void drop() {
		this.sessions.close();
	}

	@Test
	void secondWorkerHearsAtOnceThatTheStepIsTaken() {
		StepRows step = this.first.task("T").step("a").in("enqueued");
		this.first.commit();
		assertThat(claim(this.first, step.uuid())).isTrue();
		assertThat(claim(this.second, step.uuid())).isFalse();
		this.first.rollback();
		assertThat(claim(this.second, step.uuid())).isTrue();
		this.second.commit();
		assertThat(claim(this.first, step.uuid())).isFalse();
	}

	@Test
	void lockedStepIsNotClaimed() {
		StepRows step = this.first.task("T").step("a").in("enqueued");
		this.first.commit();
		this.first.execute("select from tasker.workflow_steps for no key update");
		assertThat(claim(this.second, step.uuid())).isFalse();
	}

	@Test
	void eachStepIsClaimedByOneOfTenWorkers() {
		TaskRows task = this.first.task("T");
		List<UUID> steps = new ArrayList<>();
		for (int step = 0; step < 40; step++) {
			steps.add(task.step("s" + step).in("enqueued").uuid());
		}
		this.first.commit();
		List<UUID> claimed = Collections.synchronizedList(new ArrayList<>());
		this.sessions.inParallel(10, (session) -> steps.forEach((step) -> {
			if (claim(session, step)) {
				claimed.add(step);
			}
			session.commit();
		}));
		assertThat(claimed).containsExactlyInAnyOrderElementsOf(steps);
		assertThat(this.first.rows("select distinct attempts from tasker.workflow_steps")).containsExactly("1");
	}

	private static boolean claim(TaskerSession session, UUID step) {
		return session.isTrue("select claimed from tasker.tasker_claim_and_execute_step(?, null)", step);
	}

}
