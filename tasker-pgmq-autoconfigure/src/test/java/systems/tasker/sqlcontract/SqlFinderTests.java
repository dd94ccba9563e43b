/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SqlFinder}.
 */
class SqlFinderTests {

	@Test
	void constantsVariablesAndNumbersAreJoined() {
		assertThat(sql("""
				static final long LOCK = 0xFFL;
				static final String LOCKS = "pg_locks";
				void run() throws Exception {
					String condition = (" where objid = " + LOCK);
					connection.prepareStatement("select 1 from " + LOCKS + condition);
				}
				""")).containsExactly("select 1 from pg_locks where objid = 255");
	}

	@Test
	void parametersAreWhatCallersPass() {
		assertThat(sql("""
				void one() throws Exception { begin("select 1"); }
				void two() throws Exception { begin("select 2"); }
				private void begin(String sql) throws Exception { run("set role none; " + sql + "; commit"); }
				private void run(String sql) throws Exception {
					try (var statement = connection.createStatement()) {
						statement.execute(sql);
					}
				}
				""")).containsExactly("set role none; select 1; commit", "set role none; select 2; commit");
	}

	@Test
	void statementBelongsToTheMethodWithItsText() {
		assertThat(Snippet.find("""
				void caller() {
					run("select :id::int");
				}
				private void run(String sql) { Runnable task = () -> client.sql(sql).update(); }
				""").statements()).singleElement().satisfies((statement) -> {
			assertThat(statement.owner()).isEqualTo("Snippet.caller");
			assertThat(statement.place()).isEqualTo("/Snippet.java:3");
			assertThat(statement.namedParameters()).isTrue();
		});
	}

	@Test
	void parametersOfOneCallStayTogether() {
		assertThat(sql("""
				void callers() throws Exception { run("a", "b"); run("c", "d"); }
				void run(String table, String key) throws Exception {
					connection.prepareStatement("select %2$s from %1$s".formatted(table, key));
				}
				""")).containsExactly("select b from a", "select d from c");
	}

	@Test
	void fieldsOfOneObjectStayTogether() {
		assertThat(sql("""
				enum Kind {
					TASK("tasks", "task"), STEP("steps", "step");
					private final String table;
					private final String key;
					Kind(String table, String key) { this.table = table; this.key = key; }
				}
				void one(Kind kind) { client.sql("select from %s where %s = :id".formatted(kind.table, kind.key)); }
				void two(Kind a, Kind b) { client.sql("table " + a.table + "," + b.table); }
				""")).containsExactly("select from steps where step = :id", "select from tasks where task = :id",
				"table steps,steps", "table steps,tasks", "table tasks,steps", "table tasks,tasks");
	}

	@Test
	void fieldsOfDifferentObjectsDoNotStayTogether() {
		assertThat(sql("""
				static class Name {
					final String text;
					private Name(String text) { this.text = text; }
					static Name of(String text) { return new Name(text); }
				}
				void names() { Name.of("a"); Name.of("b"); }
				void run(Name one, Name other) { client.sql(one.text + other.text); }
				""")).containsExactly("aa", "ab", "ba", "bb");
	}

	@Test
	void argumentsOfAnonymousClassesAreSeen() {
		assertThat(
				sql("""
						static class Task {
							Task(java.sql.Connection connection, String sql) throws Exception { connection.prepareStatement(sql); }
						}
						void run() throws Exception { new Task(connection, "select 1") { }; }
						"""))
			.containsExactly("select 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { """
			connection.prepareStatement("select " + System.lineSeparator());""", """
			String sql = "select 1"; sql += " where true"; connection.prepareStatement(sql);""", """
			for (String sql : new String[] { "select 1" }) { connection.prepareStatement(sql); }""", """
			java.util.function.Consumer<String> run = (sql) -> client.sql(sql);""", """
			java.util.function.Function<String, ?> run = client::sql;""", """
			connection.prepareStatement("select %d".formatted(1));""", """
			new org.springframework.jdbc.core.JdbcTemplate().batchUpdate("select 1", args[0]);""", """
			new org.springframework.jdbc.core.JdbcTemplate().update(args[0]);""",
			"""
					new org.springframework.jdbc.core.simple.SimpleJdbcInsert((javax.sql.DataSource) null).withTableName("t");""" })
	void sqlThatCannotBeResolvedIsReported(String body) {
		assertThat(Snippet.find("private void run(String[] args) throws Exception {\n" + body + "\n}").problems())
			.isNotEmpty()
			.allSatisfy((problem) -> assertThat(problem).startsWith("/Snippet.java:3: SQL that cannot be checked: "));
	}

	@ParameterizedTest
	@ValueSource(strings = { """
			void run(String sql) { client.sql(sql); }""", """
			void call() { java.util.function.Consumer<String> consumer = this::run; run("select 1"); }
			void run(String sql) { client.sql(sql); }""", """
			interface Runner { void run(String sql); }
			class ClientRunner implements Runner { public void run(String sql) { client.sql(sql); } }
			void call() { new ClientRunner().run("select 1"); }""", """
			void call() { run("select 1", 2); }
			void run(String sql, int times) { client.sql(sql); run(sql + ";" + sql, times - 1); }""", """
			record Query(String sql) { }
			void run(Query query) { client.sql(query.sql); }""", """
			String sql = "select 1";
			void run() { client.sql(sql); }""" })
	void sqlThatMayComeFromElsewhereIsReported(String members) {
		assertThat(Snippet.find(members).problems()).isNotEmpty();
	}

	@Test
	void parametersOfPublicMethodsAreReported() {
		assertThat(Snippet.find("""
				public void run(String sql) { client.sql(sql); }
				void call() { run("select 1"); }
				""").problems()).singleElement().asString().contains("which applications may call");
	}

	@Test
	void exceptionIsForOneCall() {
		String members = """
				void run(String name) { client.sql("create role " + name); }
				void runAgain(String name) { client.sql("drop role a"); client.sql("drop role " + name); }
				""";
		assertThat(Snippet.find(members, "Snippet.run", "Snippet.runAgain", "Snippet.gone").problems()).containsExactly(
				"The exception Snippet.gone is for one call, and there are 0",
				"The exception Snippet.runAgain is for one call, and there are 2");
	}

	@Test
	void sourcesThatDoNotCompileAreRefused() {
		assertThatIllegalStateException().isThrownBy(() -> Snippet.find("void run() { client.sqll(\"\"); }"))
			.withMessageContaining("Snippet.java:2");
	}

	private static List<String> sql(String members) {
		SqlFinder.Findings findings = Snippet.find(members);
		assertThat(findings.problems()).isEmpty();
		return findings.statements().stream().map(SqlStatement::sql).toList();
	}

}
