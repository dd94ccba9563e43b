/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

import systems.tasker.autoconfigure.TestApplication;
import systems.tasker.messaging.MessagingService;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the example of {@code README.md} is this code, and that it works with that
 * configuration.
 */
class ReadmeIntegrationTests {

	@Test
	void theExampleIsTheCodeOfThisTest() throws IOException {
		String code = Files.readString(
				Path.of("src", "test", "java", "systems", "tasker", "autoconfigure", "readme", "Payments.java"));
		assertThat(code).contains(snippet("java"));
	}

	@Test
	void theExampleSendsAndReceives() throws IOException {
		Path yaml = Path.of("target", "readme", "application.yaml");
		Files.createDirectories(yaml.getParent());
		Files.writeString(yaml, snippet("yaml"));
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				ConfigurableApplicationContext context = TestApplication.run(Billing.class, WebApplicationType.NONE,
						"DATABASE_URL=" + database.url(), "spring.config.location=" + yaml)) {
			Payments payments = context.getBean(Payments.class);
			MessagingService messaging = context.getBean(MessagingService.class);
			payments.request(new Payment("42", 100));
			assertThat(messaging.queueStats("payments").visible()).hasValue(1);
			payments.work();
			assertThat(messaging.queueStats("payments").length()).hasValue(0);
			assertThat(messaging.receiveMessages("payments", Payment.class, 10, Duration.ofSeconds(30))).isEmpty();
		}
	}

	private static String snippet(String language) throws IOException {
		Matcher matcher = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
			.matcher(Files.readString(Path.of("..", "README.md")));
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	/**
	 * The application around the example.
	 */
	@SpringBootConfiguration
	@Import({ TestApplication.class, Payments.class })
	static class Billing {

	}

}
