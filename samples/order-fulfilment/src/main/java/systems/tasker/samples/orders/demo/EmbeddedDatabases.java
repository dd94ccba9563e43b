/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.samples.orders.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

import systems.tasker.test.TaskerPostgres;

/**
 * Gives an application without a database an embedded PostgreSQL server, which ends with
 * it, and a {@link Demo}. For demonstrations: {@code tasker-pgmq-test} is a test library,
 * and a real service leaves it and this package out.
 */
public final class EmbeddedDatabases implements ApplicationContextInitializer<GenericApplicationContext> {

	@Override
	public void initialize(GenericApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		if (isSet(environment, "tasker.database.url") || isSet(environment, "spring.datasource.url")) {
			if (isSplit(environment) && !isSet(environment, "tasker.pgmq-database.url")) {
				System.out.println("--split is for the embedded PostgreSQL and changes nothing here:"
						+ " give the queues a database with PGMQ_DATABASE_URL");
			}
			return;
		}
		System.out
			.println("No DATABASE_URL: starting an embedded PostgreSQL, the first time takes a little longer ...");
		// A hook of the JVM would end the server under the application.
		TaskerPostgres server = TaskerPostgres.builder()
			.shutdownHooks(SpringApplication.getShutdownHandlers()::add)
			.start();
		// Registered before all beans, and so ended after the pools that use it.
		context.getDefaultListableBeanFactory().registerDisposableBean("embeddedPostgres", server::close);
		environment.getPropertySources()
			.addFirst(new MapPropertySource("embeddedDatabases", urls(server, environment)));
		context.registerBean(Demo.class);
	}

	private static Map<String, Object> urls(TaskerPostgres server, Environment environment) {
		Map<String, Object> urls = new LinkedHashMap<>();
		urls.put("tasker.database.url", server.createEmptyDatabase().url());
		if (isSplit(environment) && !isSet(environment, "tasker.pgmq-database.url")) {
			urls.put("tasker.pgmq-database.url", server.createEmptyDatabase().url());
		}
		return urls;
	}

	private static boolean isSplit(Environment environment) {
		// An option without a value is a property with an empty one.
		return Stream.of("split", "sample.split")
			.map(environment::getProperty)
			.anyMatch((value) -> value != null && !value.equalsIgnoreCase("false"));
	}

	private static boolean isSet(Environment environment, String property) {
		return StringUtils.hasText(environment.getProperty(property));
	}

}
