/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Draws both state machines from the database. What the document has to say is written to
 * {@code target}.
 */
class StateMachinesDocumentIntegrationTests {

	private static final Path DOCUMENT = Path.of("../docs/state-machines.md");

	@ParameterizedTest
	@CsvSource({ "task, task_transitions", "step, workflow_step_transitions" })
	void documentShowsTheMatrix(String machine, String table) throws IOException {
		try (TaskerSession session = TaskerSession.open("UTC")) {
			// In the order in which the constraint names them.
			List<String> states = session.rows(
					"""
							select literal[1] from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''', 'g') literal
							where k.conname = ?
							""",
					"chk_%s_to_state".formatted(table));
			List<String> edges = session.rows("""
					select from_state, to_state from tasker.state_edges() where machine = ?
					order by array_position(?::text[], from_state), array_position(?::text[], to_state)
					""", machine, "{%s}".formatted(String.join(",", states)),
					"{%s}".formatted(String.join(",", states)));
			String expected = table(states, edges) + "\n" + diagram(states, edges);
			Files.writeString(Path.of("target", "state-machine-%s.md".formatted(machine)), expected);
			assertThat(Files.readString(DOCUMENT)).contains(expected);
		}
	}

	@Test
	void documentHasNoOtherDiagram() throws IOException {
		assertThat(Files.readString(DOCUMENT).split("```mermaid")).hasSize(3);
	}

	private static String table(List<String> states, List<String> edges) {
		return states.stream().map((from) -> {
			String targets = edges.stream()
				.filter((edge) -> edge.startsWith(from + " | "))
				.map((edge) -> "`%s`".formatted(edge.substring(from.length() + 3)))
				.collect(Collectors.joining(", "));
			return "| `%s` | %s |\n".formatted(from, targets.isEmpty() ? "none" : targets);
		}).collect(Collectors.joining("", "| From | To |\n|---|---|\n", ""));
	}

	private static String diagram(List<String> states, List<String> edges) {
		String end = states.stream()
			.filter((state) -> edges.stream().noneMatch((edge) -> edge.startsWith(state + " | ")))
			.map("    %s --> [*]\n"::formatted)
			.collect(Collectors.joining());
		return edges.stream()
			.map((edge) -> "    " + edge.replace(" | ", " --> ") + "\n")
			.collect(Collectors.joining("", "```mermaid\nstateDiagram-v2\n    [*] --> pending\n", end + "```\n"));
	}

}
