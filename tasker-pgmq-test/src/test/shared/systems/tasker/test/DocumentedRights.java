/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rights of a service that is not the owner of its databases, as the README of the
 * migrations has them for the role {@code service} and the queue {@code orders}.
 */
public final class DocumentedRights {

	private static final Pattern STATEMENTS = Pattern.compile("```sql\\n((GRANT|REVOKE) .*?)```", Pattern.DOTALL);

	private DocumentedRights() {
	}

	public static String of(String role) {
		String rights = STATEMENTS.matcher(readme())
			.results()
			.map((block) -> block.group(1))
			.collect(Collectors.joining());
		assertThat(rights).contains("GRANT", "REVOKE");
		return rights.replaceAll(" (TO|FROM) service;", " $1 " + role + ";");
	}

	private static String readme() {
		try {
			return Files.readString(Path.of("..", "migrations", "README.md"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
