/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * States and edges of {@code tasker-catalog.json}.
 */
record Contract(Map<String, List<String>> states,
		@JsonProperty("state_edges") Map<String, List<List<String>>> stateEdges) {

	private static final JsonMapper mapper = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	static Contract load() {
		try (InputStream json = Contract.class.getResourceAsStream("/systems/tasker/migrations/tasker-catalog.json")) {
			return mapper.readValue(json, Contract.class);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> states(String machine) {
		return this.states.get(machine);
	}

	/**
	 * Return all edges, as in {@code "task | pending | cancelled"}.
	 */
	List<String> edges() {
		return this.stateEdges.entrySet()
			.stream()
			.flatMap((machine) -> machine.getValue()
				.stream()
				.map((edge) -> "%s | %s | %s".formatted(machine.getKey(), edge.get(0), edge.get(1))))
			.toList();
	}

}
