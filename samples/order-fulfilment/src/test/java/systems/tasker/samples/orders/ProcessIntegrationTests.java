/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a shell gives the service and sees of it: variables, output, signals and the exit
 * code.
 */
@Tag("any-postgres")
class ProcessIntegrationTests {

	private static final Pattern EMBEDDED = Pattern.compile("Tasker database .*127\\.0\\.0\\.1:(\\d+)");

	private static final String REQUEST_HEAD = """
			POST /orders HTTP/1.1
			Host: localhost
			Content-Type: application/json
			Content-Length: %d
			Expect: 100-continue

			""".formatted(OrdersClient.ORDER.length()).replace("\n", "\r\n");

	@TempDir
	private Path logs;

	@Test
	void badAddressInTheEnvironmentEndsTheStart() throws IOException {
		try (Instance instance = start(Map.of("DATABASE_URL", "postgresql://app:hunter2@db:port/orders"))) {
			assertThat(instance.awaitExit()).isNotZero();
			assertThat(instance.output())
				.contains("APPLICATION FAILED TO START", "tasker.database.url", "port is not a number")
				.doesNotContain("hunter2");
		}
	}

	@Test
	void demoFulfilsItsOrdersAndItsServerOutlivesTheApplication() throws IOException {
		try (Instance instance = start(Map.of())) {
			int server = Integer.parseInt(instance.awaitOutput(EMBEDDED).group(1));
			instance.awaitOutput(Pattern.compile("Serving until you press"));
			assertThat(instance.output()).contains("Mode single", "Ada Lovelace", "charge (attempt 2)", ", fulfilled",
					"10 of 10 orders fulfilled", "pgmq.q_worker_orders_queue", "pgmq.q_orchestration_step_results",
					"/actuator/health");
			try (Socket customer = new Socket("localhost", instance.awaitPort())) {
				BufferedReader reply = new BufferedReader(
						new InputStreamReader(customer.getInputStream(), StandardCharsets.US_ASCII));
				// The application does not end before a request it has begun to read.
				send(customer, REQUEST_HEAD);
				assertThat(reply.readLine()).contains(" 100");
				assertThat(reply.readLine()).isEmpty();
				instance.terminate();
				await().during(Duration.ofSeconds(1)).until(() -> isListening(server));
				send(customer, OrdersClient.ORDER);
				assertThat(reply.readLine()).contains(" 201");
			}
			instance.awaitExit();
			assertThat(isListening(server)).isFalse();
		}
	}

	private static void send(Socket customer, String text) throws IOException {
		customer.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static boolean isListening(int port) {
		try {
			new Socket("127.0.0.1", port).close();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private Instance start(Map<String, String> variables) throws IOException {
		return Instance.start(this.logs.resolve("instance.log"), variables);
	}

}
