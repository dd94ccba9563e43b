/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A task with steps in all conditions, also in such as no program would write. Parents
 * have lower indexes, so there is no cycle.
 */
record RandomTask(UUID uuid, @Nullable String state, List<Step> steps) {

	private static final List<String> TASK_STATES = Contract.load().states("task");

	private static final List<String> STEP_STATES = Contract.load().states("step");

	static RandomTask create(Random random, LocalDateTime now) {
		// Mostly small.
		int size = 1 + (int) (60 * Math.pow(random.nextDouble(), 2));
		// From almost no edges to almost all.
		double density = Math.pow(random.nextDouble(), 8);
		List<Step> steps = new ArrayList<>();
		for (int index = 0; index < size; index++) {
			List<Integer> parents = new ArrayList<>();
			for (int parent = 0; parent < index; parent++) {
				if (random.nextDouble() < density || parent == index - 1 && random.nextInt(4) > 0) {
					parents.add(parent);
					if (random.nextInt(10) == 0) {
						parents.add(parent);
					}
				}
			}
			steps.add(Step.create(index, parents, random, now));
		}
		return new RandomTask(uuid(random), (random.nextInt(20) > 0) ? any(random, TASK_STATES) : null, steps);
	}

	private static UUID uuid(Random random) {
		return new UUID(random.nextLong(), random.nextLong());
	}

	private static <T> T any(Random random, List<T> values) {
		return values.get(random.nextInt(values.size()));
	}

	/**
	 * A step.
	 *
	 * @param parents indexes of steps, one for each edge
	 * @param history states from the first to the current one
	 */
	record Step(UUID uuid, int index, List<Integer> parents, List<Transition> history, boolean retryable,
			@Nullable Integer maxAttempts, boolean inProcess, boolean processed, @Nullable Integer attempts,
			@Nullable LocalDateTime lastAttemptedAt, @Nullable Integer backoffSeconds) {

		private static Step create(int index, List<Integer> parents, Random random, LocalDateTime now) {
			// Mostly finished, so that children become ready.
			String current = (random.nextInt(3) > 0) ? "complete" : any(random, STEP_STATES);
			List<Transition> history = new ArrayList<>();
			for (int past = random.nextInt(4); past > 0; past--) {
				history.add(new Transition(any(random, STEP_STATES), ago(random, now)));
			}
			if (random.nextInt(6) > 0) {
				history.add(new Transition(current, ago(random, now)));
			}
			Integer backoff = (random.nextInt(3) == 0) ? random.nextInt(120) - 10 : null;
			LocalDateTime lastAttempted = (random.nextBoolean()) ? ago(random, now) : null;
			if (backoff != null && random.nextInt(5) == 0) {
				lastAttempted = now.minusSeconds(backoff).plus(random.nextInt(3) - 1, ChronoUnit.MICROS);
			}
			return new Step(RandomTask.uuid(random), index, parents, history, random.nextInt(8) > 0,
					(random.nextInt(8) > 0) ? random.nextInt(6) : null, random.nextInt(12) == 0,
					random.nextInt(12) == 0, (random.nextBoolean()) ? random.nextInt(9) : null, lastAttempted, backoff);
		}

		private static LocalDateTime ago(Random random, LocalDateTime now) {
			return now.minus(random.nextInt(120_000_000), ChronoUnit.MICROS);
		}

	}

	record Transition(String to, LocalDateTime at) {
	}

}
