/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ResultsBeforeIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final StepWork work = this.workflows.tasker().work();

	private final Steps steps = this.workflows.tasker().steps();

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void resultsOfAllStepsBeforeAreReadOnceEach() {
		this.workflows.tasker().templates().save(Workflows.diamond());
		UUID diamond = this.workflows.task();
		for (String name : List.of("a", "b")) {
			UUID done = this.workflows.step(diamond, name);
			this.workflows.work(done);
			this.work.report(Workflows.success(done, new BigDecimal("1.10")), 1, Workflows.WORKER);
			this.steps.settle(done);
		}
		this.steps.resolveManually(this.workflows.step(diamond, "c"));
		Map<String, Object> results = before(diamond, "d");
		assertThat(results).containsOnlyKeys("b", "c", "a").containsEntry("c", null);
		assertThat(results.keySet()).containsExactly("b", "c", "a");
		assertThat(StoredJson.at(results.get("a"), "result")).isEqualTo(new BigDecimal("1.10"));
		assertThat(before(diamond, "a")).isEmpty();
	}

	@Test
	void failuresOfStepsBeforeComeAsWell() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"), StepTemplate.of("c", "b"));
		UUID task = this.workflows.task();
		UUID failed = this.workflows.step(task, "a");
		this.work.report(Workflows.failure(failed, false), this.workflows.work(failed), Workflows.WORKER);
		assertThat(this.steps.settle(failed)).contains(StepState.ERROR);
		this.steps.completeManually(this.workflows.step(task, "b"), "by hand");
		assertThat(StoredJson.at(before(task, "c").get("a"), "success")).isEqualTo(false);
		this.steps.resolveManually(failed);
		assertThat(StoredJson.at(before(task, "c").get("a"), "success")).isEqualTo(false);
		assertThat(before(task, "c")).containsEntry("b", "by hand");
	}

	// 3^20 paths.
	@Test
	void manyPathsAreWalkedOnce() {
		List<StepTemplate> layers = new ArrayList<>();
		for (int layer = 0; layer < 20; layer++) {
			for (int number = 0; number < 3; number++) {
				layers.add(StepTemplate.of(name(layer, number), (layer > 0) ? names(layer - 1) : new String[0]));
			}
		}
		layers.add(StepTemplate.of("last", names(19)));
		this.workflows.template(layers.toArray(StepTemplate[]::new));
		assertThat(before(this.workflows.task(), "last").keySet()).hasSize(60).startsWith(names(19)).endsWith(names(0));
	}

	@Test
	void stepsFarAwayAreNotLeftOut() {
		this.workflows.template(IntStream.range(0, 70)
			.mapToObj((number) -> StepTemplate.of("s" + number,
					(number > 0) ? new String[] { "s" + (number - 1) } : new String[0]))
			.toArray(StepTemplate[]::new));
		assertThat(before(this.workflows.task(), "s69").keySet())
			.containsExactlyElementsOf(IntStream.rangeClosed(0, 68).mapToObj((number) -> "s" + (68 - number)).toList());
	}

	@Test
	void nearestOfSeveralDistancesCounts() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"), StepTemplate.of("c", "b"),
				StepTemplate.of("d", "c", "a"));
		assertThat(before(this.workflows.task(), "d").keySet()).containsExactly("a", "c", "b");
	}

	// No template has one, but another program may.
	@Test
	void cycleEnds() {
		this.workflows.template(StepTemplate.of("a"), StepTemplate.of("b", "a"), StepTemplate.of("c", "b"));
		UUID task = this.workflows.task();
		edge(this.workflows.step(task, "b"), this.workflows.step(task, "a"));
		assertThat(before(task, "c").keySet()).containsExactly("b", "a");
		assertThat(before(task, "a").keySet()).containsExactly("b", "a");
	}

	@Test
	void stepsOfOtherTasksAreNotReadThoughThereAreNoStatistics() {
		this.workflows.tasker().templates().save(Workflows.diamond());
		UUID task = this.workflows.task();
		UUID last = this.workflows.step(task, "d");
		UUID other = this.workflows.task();
		this.workflows.transaction().executeWithoutResult((status) -> {
			this.workflows.execute("""
					insert into tasker.named_steps (name, created_at, updated_at)
					select 'n' || n, now(), now() from generate_series(1, 20000) n
					""");
			this.workflows.execute("""
					insert into tasker.workflow_steps (task_uuid, named_step_uuid, created_at, updated_at)
					select ?, ns.named_step_uuid, now(), now() from tasker.named_steps ns where ns.name like 'n%'
					""", other);
			long rows = rowsRead();
			assertThat(this.work.resultsBefore(last)).hasSize(3);
			assertThat(rowsRead() - rows).isBetween(3L, 30L);
		});
	}

	private long rowsRead() {
		return Long.parseLong(this.workflows.row("""
				select sum(seq_tup_read + idx_tup_fetch) from pg_stat_xact_user_tables
				where relname in ('workflow_steps', 'named_steps')
				"""));
	}

	// A query that does not end fails.
	private Map<String, Object> before(UUID task, String name) {
		UUID step = this.workflows.step(task, name);
		return this.workflows.transaction().execute((status) -> {
			this.workflows.execute("set local statement_timeout = '20s'");
			return this.work.resultsBefore(step);
		});
	}

	private void edge(UUID from, UUID to) {
		this.workflows.execute("""
				insert into tasker.workflow_step_edges (from_step_uuid, to_step_uuid, name, created_at, updated_at)
				values (?, ?, 'provides', now(), now())
				""", from, to);
	}

	private static String[] names(int layer) {
		return IntStream.range(0, 3).mapToObj((number) -> name(layer, number)).toArray(String[]::new);
	}

	private static String name(int layer, int number) {
		return layer + "/" + number;
	}

}
