/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole application with the starter, started as its {@code main} would.
 */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = { FlywayAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
public class TestApplication {

	/**
	 * Start the application without a web server.
	 * @param properties properties as {@code name=value}
	 * @return the running application
	 */
	public static ConfigurableApplicationContext run(String... properties) {
		return run(TestApplication.class, WebApplicationType.NONE, properties);
	}

	/**
	 * Start an application.
	 * @param application the application
	 * @param type with or without a web server, which takes any free port
	 * @param properties properties as {@code name=value}
	 * @return the running application
	 */
	public static ConfigurableApplicationContext run(Class<?> application, WebApplicationType type,
			String... properties) {
		SpringApplication springApplication = new SpringApplication(application);
		springApplication.setWebApplicationType(type);
		List<String> arguments = new ArrayList<>();
		arguments.add("--server.port=0");
		arguments.add("--spring.main.banner-mode=off");
		for (String property : properties) {
			arguments.add("--" + property);
		}
		return springApplication.run(arguments.toArray(String[]::new));
	}

	/**
	 * Return a client of a running application.
	 * @param application the application, with a web server
	 * @return the client, for paths
	 */
	public static RestClient client(ConfigurableApplicationContext application) {
		return RestClient.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port"));
	}

	/**
	 * Get JSON from a running application, which must answer 200.
	 * @param application the application, with a web server
	 * @param path the path
	 * @return the JSON
	 */
	public static JsonNode json(ConfigurableApplicationContext application, String path) {
		return client(application).get().uri(path).exchange((request, response) -> {
			assertThat(response.getStatusCode().value()).isEqualTo(200);
			return JsonMapper.shared().readTree(response.getBody());
		});
	}

}
