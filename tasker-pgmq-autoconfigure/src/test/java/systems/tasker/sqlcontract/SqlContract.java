/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.springframework.jdbc.core.namedparam.NamedParameterUtils;

/**
 * What a database takes and answers when it is given some SQL.
 *
 * @param text all statements with the types of their parameters and columns, one below
 * the other
 * @param problems statements that the database refuses, with file and line
 */
record SqlContract(String text, List<String> problems) {

	private static final int BEGINNING = 100;

	/** Followed by an even number of quotes, so not in a literal. */
	private static final Pattern SEMICOLON = Pattern.compile(";(?=[^']*(?:'[^']*'[^']*)*$)");

	/**
	 * Have a database parse and describe SQL. Nothing is run.
	 */
	static SqlContract of(List<SqlStatement> statements, DataSource dataSource) throws SQLException {
		StringBuilder text = new StringBuilder();
		List<String> problems = new ArrayList<>();
		String owner = "";
		try (Connection connection = dataSource.getConnection()) {
			for (SqlStatement statement : statements) {
				if (!statement.owner().equals(owner)) {
					owner = statement.owner();
					text.append(owner).append('\n');
				}
				try {
					describe(connection, statement, text);
				}
				catch (SQLException ex) {
					problems.add("%s: %s".formatted(statement.place(), ex.getMessage()));
				}
			}
		}
		return new SqlContract(text.toString(), problems);
	}

	private static void describe(Connection connection, SqlStatement statement, StringBuilder text)
			throws SQLException {
		String sql = statement.namedParameters() ? NamedParameterUtils.parseSqlStatementIntoString(statement.sql())
				: statement.sql();
		for (String part : SEMICOLON.split(sql.strip())) {
			try (PreparedStatement prepared = connection.prepareStatement(part)) {
				text.append('\t').append(beginning(part)).append('\n');
				String types = parameters(prepared.getParameterMetaData()) + " → " + columns(prepared.getMetaData());
				if (!types.equals("() → ()")) {
					text.append("\t\t").append(types).append('\n');
				}
			}
		}
	}

	private static String beginning(String sql) {
		String line = sql.strip().replaceAll("\\s+", " ");
		return (line.length() > BEGINNING) ? line.substring(0, BEGINNING) + "…" : line;
	}

	private static String parameters(ParameterMetaData parameters) throws SQLException {
		List<String> types = new ArrayList<>();
		for (int i = 1; i <= parameters.getParameterCount(); i++) {
			types.add(parameters.getParameterTypeName(i));
		}
		return "(" + String.join(", ", types) + ")";
	}

	private static String columns(ResultSetMetaData columns) throws SQLException {
		List<String> types = new ArrayList<>();
		for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
			types.add(columns.getColumnLabel(i) + " " + columns.getColumnTypeName(i));
		}
		return "(" + String.join(", ", types) + ")";
	}

}
