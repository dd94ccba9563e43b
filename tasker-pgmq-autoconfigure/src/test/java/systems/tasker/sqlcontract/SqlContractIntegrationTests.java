/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.sqlcontract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that all SQL in the main sources of all modules fits the migrated schemas, and
 * has the parameters and columns written down in {@code sql-contract.txt}. After a run
 * the file as it should be is in {@code target}.
 */
class SqlContractIntegrationTests {

	private static final Path EXPECTED = Path.of("src", "test", "resources", "sql-contract.txt");

	private static final Path ACTUAL = Path.of("target", "sql-contract.txt");

	/**
	 * Classes and methods with one call each whose SQL is not checked, and why.
	 */
	private static final Map<String, String> EXCEPTIONS = Map.of(
			"systems.tasker.messaging.pgmq.PgmqInstaller.runScript",
			"the bundled script of PGMQ, which other tests run", "systems.tasker.test.Installation.createOwner",
			"a utility statement with the password of a test server", "systems.tasker.test.Databases.create",
			"a utility statement with the name of a test database", "systems.tasker.test.Databases.drop",
			"a utility statement with the name of a test database",
			"systems.tasker.samples.orders.QueuedSteps.withoutMessage",
			"the tables of a queue, whose name is in theirs");

	private static SqlFinder.Findings findings;

	@BeforeAll
	static void find() throws IOException {
		findings = SqlFinder.find(ToolProvider.getSystemJavaCompiler()
			.getStandardFileManager(null, null, null)
			.getJavaFileObjectsFromPaths(sources()), EXCEPTIONS.keySet());
	}

	private static List<Path> sources() throws IOException {
		return filesOfModules("src/main/java", ".java");
	}

	// With the tables that samples make for themselves.
	private static TestDatabase migratedDatabase() throws SQLException {
		TestDatabase database = TaskerPostgres.shared().createDatabase();
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			for (Path script : filesOfModules("src/main/resources/db/migration", ".sql")) {
				statement.execute(Files.readString(script));
			}
			return database;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> filesOfModules(String folder, String ending) throws IOException {
		Path root = Path.of("..").toRealPath();
		List<Path> found = new ArrayList<>();
		Matcher modules = Pattern.compile("<module>(.+)</module>").matcher(Files.readString(root.resolve("pom.xml")));
		while (modules.find()) {
			Path path = root.resolve(modules.group(1)).resolve(folder);
			// Benchmarks also load rows and ask for plans, and no application runs them.
			if (!modules.group(1).equals("benchmarks") && Files.isDirectory(path)) {
				try (Stream<Path> files = Files.walk(path)) {
					files.filter((file) -> file.toString().endsWith(ending)).sorted().forEach(found::add);
				}
			}
		}
		return found;
	}

	@Test
	void allSqlCanBeChecked() {
		assertThat(findings.problems())
			.as("Write SQL as a text block that reaches the database as it is (see CONTRIBUTING.md)")
			.isEmpty();
	}

	@Test
	void allSqlFitsTheSchemasAndHasTheTypesWrittenDown() throws IOException, SQLException {
		try (TestDatabase database = migratedDatabase()) {
			SqlContract contract = SqlContract.of(findings.statements(), database.dataSource());
			Files.writeString(ACTUAL, contract.text());
			assertThat(contract.problems()).as("SQL that does not fit the schemas").isEmpty();
			String cure = "If this is meant: cp tasker-pgmq-autoconfigure/%s tasker-pgmq-autoconfigure/%s"
				.formatted(ACTUAL, EXPECTED);
			List<String> expected = Files.readAllLines(EXPECTED);
			List<String> actual = contract.text().lines().toList();
			assertThat(without(actual, expected)).as("Lines that are new. " + cure).isEmpty();
			assertThat(without(expected, actual)).as("Lines that are gone. " + cure).isEmpty();
			assertThat(actual).as(cure).isEqualTo(expected);
		}
	}

	private static List<String> without(List<String> lines, List<String> others) {
		List<String> rest = new ArrayList<>(lines);
		others.forEach(rest::remove);
		return rest;
	}

	@Test
	void newStatementChangesTheContract() throws SQLException {
		List<SqlStatement> statements = new ArrayList<>(findings.statements());
		statements.addAll(Snippet.find("void find() { client.sql(\"select true as added\"); }").statements());
		try (TestDatabase database = migratedDatabase()) {
			SqlContract before = SqlContract.of(findings.statements(), database.dataSource());
			assertThat(SqlContract.of(statements, database.dataSource()).text())
				.isEqualTo(before.text() + "Snippet.find\n\tselect true as added\n\t\t() → (added bool)\n");
		}
	}

	@Test
	void columnThatIsGoneIsReported() throws SQLException {
		try (TestDatabase database = migratedDatabase();
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("alter table tasker.tasks drop column context cascade");
			assertThat(SqlContract.of(findings.statements(), database.dataSource()).problems()).isNotEmpty()
				.allSatisfy((problem) -> assertThat(problem).containsPattern("\\w+\\.java:\\d+: .*context"));
		}
	}

	@Test
	void functionThatIsGoneIsReported() throws SQLException {
		try (TestDatabase database = migratedDatabase();
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("drop function tasker_pgmq.pgmq_read_specific_message");
			assertThat(SqlContract.of(findings.statements(), database.dataSource()).problems()).singleElement()
				.asString()
				.contains("MessageReceiver.java:", "pgmq_read_specific_message");
		}
	}

	@Test
	void columnThatChangesItsTypeChangesTheContract() throws SQLException {
		try (TestDatabase database = migratedDatabase();
				Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			SqlContract before = SqlContract.of(findings.statements(), database.dataSource());
			statement.execute("alter table tasker.workflow_step_transitions alter column to_state type text");
			SqlContract after = SqlContract.of(findings.statements(), database.dataSource());
			assertThat(after.problems()).isEmpty();
			assertThat(without(after.text().lines().toList(), before.text().lines().toList()))
				.contains("\t\t(uuid) → (to_state text)");
		}
	}

	@Test
	void statementIsDescribedInFull() throws SQLException {
		assertThat(describe(
				"void find() { client.sql(\"select task_uuid as id from tasker.tasks where complete = :c\"); }"))
			.isEqualTo(new SqlContract("""
					Snippet.find
						select task_uuid as id from tasker.tasks where complete = ?
							(bool) → (id uuid)
					""", List.of()));
	}

	@Test
	void statementsInOneTextAreDescribedOneByOne() throws SQLException {
		assertThat(describe("""
				void run() throws Exception { connection.prepareStatement("set role none; select ?::int; commit;"); }
				""").text()).isEqualTo("""
				Snippet.run
					set role none
					select ?::int
						(int4) → (int4 int4)
					commit
				""");
	}

	@Test
	void errorsOfSyntaxInUtilityStatementsAreReported() throws SQLException {
		assertThat(describe("void run() { client.sql(\"create extensoin pgmq\"); }").problems()).singleElement()
			.asString()
			.startsWith("/Snippet.java:2: ERROR: syntax error");
	}

	private static SqlContract describe(String members) throws SQLException {
		try (TestDatabase database = migratedDatabase()) {
			return SqlContract.of(Snippet.find(members).statements(), database.dataSource());
		}
	}

}
