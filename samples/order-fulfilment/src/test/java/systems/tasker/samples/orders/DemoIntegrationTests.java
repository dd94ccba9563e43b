/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.net.Socket;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import systems.tasker.database.PostgresUrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The service brings its own server when it is told of none. The demo in single mode runs
 * in {@link ProcessIntegrationTests}.
 */
@Tag("any-postgres")
@ExtendWith(OutputCaptureExtension.class)
class DemoIntegrationTests {

	@Test
	void splitOptionGivesTheQueuesTheirOwnDatabase(CapturedOutput output) {
		PostgresUrl database = runDemo("--server.port=0", "--split");
		assertThat(output).contains("Mode split", database.toString(), "10 of 10 orders fulfilled",
				"in the Tasker database  none", "in the PGMQ database    pgmq.a_orchestration_step_results,");
		assertThat(output).doesNotContain(database.password());
	}

	private static PostgresUrl runDemo(String... arguments) {
		PostgresUrl database;
		try (ConfigurableApplicationContext context = OrderFulfilmentApplication.run(arguments)) {
			database = PostgresUrl.parse(context.getEnvironment().getRequiredProperty("tasker.database.url"));
		}
		PostgresUrl.Host server = database.hosts().get(0);
		assertThatIOException().as("server after the end of the application")
			.isThrownBy(() -> new Socket(server.name(), server.port()).close());
		return database;
	}

}
