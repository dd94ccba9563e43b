/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionBudget} and the page that explains it.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class ConnectionBudgetIntegrationTests {

	private static final String NO_BREAKERS = "spring.autoconfigure.exclude="
			+ "systems.tasker.autoconfigure.resilience.TaskerCircuitBreakerAutoConfiguration";

	@AutoClose
	private static final TaskerPostgres usual = server("100");

	@AutoClose
	private static final TaskerPostgres small = server("20");

	private static final List<String> documented = documented();

	private static TaskerPostgres server(String maxConnections) {
		return TaskerPostgres.builder().setting("max_connections", maxConnections).start();
	}

	@Test
	void singleModeAsDocumented(CapturedOutput output) {
		try (TestDatabase database = usual.createDatabase()) {
			run("DATABASE_URL=" + database.url());
			assertThat(lines(output)).containsExactly(documented.get(0));
			assertThat(output).doesNotContain(database.password());
		}
	}

	@Test
	void splitModeOnOneServerAsDocumented(CapturedOutput output) {
		try (TestDatabase tasker = usual.createDatabase(); TestDatabase pgmq = usual.createDatabase()) {
			// Another name of the same server.
			run("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + pgmq.url().replace("127.0.0.1", "localhost"));
			assertThat(lines(output)).containsExactly(documented.get(1), documented.get(2));
		}
	}

	@Test
	void serverThatIsTooSmallAsDocumented(CapturedOutput output) {
		try (TestDatabase tasker = small.createDatabase(); TestDatabase pgmq = small.createDatabase()) {
			run("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + pgmq.url());
			assertThat(output).contains(documented.get(3)).contains("instances at most: 0");
			assertThat(output.toString().lines().filter((line) -> line.contains(documented.get(3)))).singleElement()
				.asString()
				.contains("WARN");
		}
	}

	@Test
	void splitModeOnTwoServers(CapturedOutput output) {
		try (TestDatabase tasker = usual.createDatabase(); TestDatabase pgmq = small.createDatabase()) {
			run("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + pgmq.url());
			assertThat(output).contains("one instance may open 26 of the 97 its server has")
				.contains("instances at most: 3")
				.contains("one instance may open 16 of the 17 its server has")
				.contains("instances at most: 1")
				.doesNotContain("WARN");
		}
	}

	@Test
	void serverThatIsDownAsDocumented(CapturedOutput output) {
		try (TaskerPostgres server = TaskerPostgres.builder().start(); TestDatabase tasker = usual.createDatabase()) {
			TestDatabase pgmq = server.createEmptyDatabase();
			server.stop();
			run("DATABASE_URL=" + tasker.url(), "PGMQ_DATABASE_URL=" + pgmq.url(),
					"tasker.pgmq-database.migration=none");
			assertThat(lines(output)).contains(documented.get(4));
			assertThat(output).contains("one instance may open 26 of the 97");
		}
	}

	@Test
	void serverThatDoesNotAnswerDelaysTheStartBySecondsOnly() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				TestDatabase tasker = usual.createDatabase();
				ConfigurableApplicationContext application = TestApplication.run("DATABASE_URL=" + tasker.url(),
						"PGMQ_DATABASE_URL=postgresql://app@127.0.0.1:%d/queues".formatted(silent.getLocalPort()),
						"tasker.pgmq-database.migration=none", "tasker.pgmq-database.pool.acquire-timeout=15s")) {
			long start = System.nanoTime();
			application.getBean(ConnectionBudget.class).afterSingletonsInstantiated();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(500),
					Duration.ofSeconds(10));
		}
	}

	@Test
	void whatIsDemandedIsNamed(CapturedOutput output) {
		try (TestDatabase database = usual.createDatabase()) {
			TestApplication
				.run(DemandingApplication.class, WebApplicationType.NONE, "DATABASE_URL=" + database.url(),
						"tasker.circuit-breakers.tasker.health-check-enabled=false",
						"tasker.database.pool.max-connections=8")
				.close();
			assertThat(output).contains("opens up to 8 connections (listeners 8, application 0), "
					+ "and 2 beside it (LISTEN 1, probe of circuit breaker pgmq 1); one instance may open 10 of the 97");
		}
	}

	@Test
	void withoutCircuitBreakersThereAreNoProbes(CapturedOutput output) {
		try (TestDatabase database = usual.createDatabase()) {
			run("DATABASE_URL=" + database.url(), NO_BREAKERS);
			assertThat(output).contains("opens up to 25 connections (application 25); one instance may open 25 of");
		}
	}

	@Test
	void withoutPgmqThereIsOnePool(CapturedOutput output) {
		try (TestDatabase database = usual.createDatabase()) {
			run("DATABASE_URL=" + database.url(), "PGMQ_ENABLED=false");
			assertThat(output).contains("one instance may open 26 of the 97").doesNotContain("Pool pgmq");
		}
	}

	@Test
	void poolOfTheApplication(CapturedOutput output) {
		try (TestDatabase database = small.createDatabase()) {
			run("spring.datasource.url=" + database.jdbcUrl(), "spring.datasource.username=" + database.username(),
					"spring.datasource.password=" + database.password(),
					"spring.datasource.hikari.maximum-pool-size=30", "spring.datasource.hikari.minimum-idle=1");
			assertThat(output).contains("Pool tasker at postgresql://127.0.0.1")
				.contains(
						"lower maximum-pool-size of the application's DataSource (30), or raise max_connections to 35")
				.doesNotContain(database.password());
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { UnknownPoolApplication.class, CredentialsProviderApplication.class })
	void poolThatTellsNothingDoesNotStopTheStart(Class<?> application, CapturedOutput output) {
		try (TestDatabase database = usual.createDatabase()) {
			TestApplication
				.run(application, WebApplicationType.NONE, "test.url=" + database.jdbcUrl(),
						"test.username=" + database.username(), "test.password=" + database.password())
				.close();
			assertThat(output).doesNotContain("one instance may open").doesNotContain("WARN");
		}
	}

	@Test
	void theFormulaIsTheOneOfTheCode() {
		Matcher row = Pattern.compile(
				"(?m)^\\| [^|]+ \\| (\\d+)(?: \\+ (\\d+))? \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|$")
			.matcher(page());
		int rows = 0;
		while (row.find()) {
			rows++;
			ServerCapacity server = new ServerCapacity("", number(row, 5), number(row, 6));
			int pgmq = (row.group(2) != null) ? number(row, 2) : 0;
			PoolBudget pools = new PoolBudget("tasker", "", "", number(row, 1) + pgmq,
					List.of(ConnectionDemand.direct("tasker", "probe", number(row, 3), "")));
			assertThat(pools.connections()).isEqualTo(number(row, 4));
			assertThat(server.usable()).isEqualTo(number(row, 7));
			assertThat(server.instances(pools.connections())).isEqualTo(number(row, 8));
		}
		assertThat(rows).isEqualTo(4);
	}

	private static int number(Matcher row, int group) {
		return Integer.parseInt(row.group(group));
	}

	private static void run(String... properties) {
		TestApplication.run(properties).close();
	}

	// As the page shows them: there the server is "db" and the databases have names.
	private static List<String> lines(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains("ConnectionBudget"))
			.map((line) -> line.substring(line.indexOf("Pool ")))
			.map((line) -> line.replaceFirst("//\\S+",
					"//db:5432/" + (line.startsWith("Pool pgmq") ? "queues" : "orders")))
			.toList();
	}

	private static List<String> documented() {
		return Pattern.compile("(?s)```text\n(.*?)```")
			.matcher(page())
			.results()
			.flatMap((block) -> block.group(1).lines())
			.toList();
	}

	private static String page() {
		try {
			return Files.readString(Path.of("..", "docs", "operations", "database-configuration.md"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Demands connections as listeners do.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class DemandingApplication {

		@Bean
		ConnectionDemand listeners() {
			return ConnectionDemand.pooled("pgmq", "listeners", 8, "test.listeners");
		}

		@Bean
		ConnectionDemand listen() {
			return ConnectionDemand.direct("pgmq", "LISTEN", 1, "test.listen");
		}

	}

	/**
	 * Has a DataSource that is no pool.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class UnknownPoolApplication {

		@Bean
		DataSource dataSource(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("test.url"),
					environment.getRequiredProperty("test.username"), environment.getRequiredProperty("test.password"));
		}

	}

	/**
	 * Has a pool that only itself can connect.
	 */
	@SpringBootConfiguration
	@Import(TestApplication.class)
	static class CredentialsProviderApplication {

		@Bean
		DataSource dataSource(Environment environment) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(environment.getRequiredProperty("test.url"));
			pool.setCredentialsProvider(() -> Credentials.of(environment.getRequiredProperty("test.username"),
					environment.getRequiredProperty("test.password")));
			return pool;
		}

	}

}
