/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.net.URI;
import java.util.List;
import java.util.Set;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/**
 * A class with some members, as source.
 */
final class Snippet extends SimpleJavaFileObject {

	private final String source;

	private Snippet(String source) {
		super(URI.create("string:///Snippet.java"), Kind.SOURCE);
		this.source = source;
	}

	static SqlFinder.Findings find(String members, String... exceptions) {
		return SqlFinder.find(List.of(of(members)), Set.of(exceptions));
	}

	/*
	 * The members begin in line 2.
	 */
	static JavaFileObject of(String members) {
		return new Snippet(
				"public class Snippet { java.sql.Connection connection; org.springframework.jdbc.core.simple.JdbcClient client;\n"
						+ members + "\n}");
	}

	@Override
	public CharSequence getCharContent(boolean ignoreEncodingErrors) {
		return this.source;
	}

}
