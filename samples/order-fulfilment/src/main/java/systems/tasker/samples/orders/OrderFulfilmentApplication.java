/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.annotation.EnableScheduling;

import systems.tasker.samples.orders.demo.EmbeddedDatabases;

/**
 * Takes orders over HTTP, makes each a Tasker task and works its steps.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class OrderFulfilmentApplication {

	/**
	 * Start the service.
	 * @param arguments {@code --split} gives the queues of an embedded server a database
	 * of their own; any property of Spring Boot, for example {@code --server.port=9090}
	 */
	public static void main(String[] arguments) {
		run(arguments);
	}

	static ConfigurableApplicationContext run(String... arguments) {
		SpringApplication application = new SpringApplication(OrderFulfilmentApplication.class);
		application.addInitializers(new EmbeddedDatabases());
		return application.run(arguments);
	}

}
