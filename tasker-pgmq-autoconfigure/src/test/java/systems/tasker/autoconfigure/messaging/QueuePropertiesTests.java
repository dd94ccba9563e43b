/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ByteArrayResource;

import systems.tasker.autoconfigure.messaging.DeclaredQueues.Queue;
import systems.tasker.messaging.pgmq.Autovacuum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the forms in which {@code tasker.messaging.queues} declares queues.
 */
class QueuePropertiesTests {

	private static final Autovacuum DEFAULTS = new Autovacuum(0.01, 50, Duration.ofMillis(2));

	private static final Queue ORDERS = new Queue("orders", "tasker.messaging.queues[0].", false, Duration.ofDays(30),
			new Autovacuum(0.2, 50, Duration.ofMillis(2)));

	private static final String ORDERS_IN_YAML = """
			tasker.messaging.queues:
			  - name: orders
			    archive-retention: 30d
			  - payments
			""";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Properties.class);

	@Test
	void noQueuesAreDeclaredWhenNothingIsSaid() {
		withProperties((queues) -> assertThat(queues).isEmpty());
	}

	@Test
	void namesInOneValueAreQueues() {
		withProperties(QueuePropertiesTests::assertPaymentsAndRefunds, "tasker.messaging.queues=payments, refunds");
		withYaml("tasker.messaging.queues: payments, refunds", QueuePropertiesTests::assertPaymentsAndRefunds);
	}

	@Test
	void namesInAListAreQueues() {
		withProperties(QueuePropertiesTests::assertPaymentsAndRefunds, "tasker.messaging.queues[0]=payments",
				"tasker.messaging.queues[1]=refunds");
		withYaml("tasker.messaging.queues: [payments, refunds]", QueuePropertiesTests::assertPaymentsAndRefunds);
	}

	@Test
	void namesAndQueuesWithPropertiesAreMixed() {
		withYaml("""
				tasker:
				  messaging:
				    queues:
				      - payments
				      - name: ticks
				        unlogged: true
				        archive-retention: 30d
				        autovacuum:
				          scale-factor: 0.2
				          cost-delay: 5
				      - refunds
				""",
				(queues) -> assertThat(queues).containsExactly(
						new Queue("payments", "tasker.messaging.queues[0].", false, Duration.ZERO, DEFAULTS),
						new Queue("ticks", "tasker.messaging.queues[1].", true, Duration.ofDays(30),
								new Autovacuum(0.2, 50, Duration.ofMillis(5))),
						new Queue("refunds", "tasker.messaging.queues[2].", false, Duration.ZERO, DEFAULTS)));
	}

	@Test
	void aNameAloneIsTheSameAsTheNameProperty() {
		withProperties(
				(queues) -> assertThat(queues).containsExactly(
						new Queue("orders", "tasker.messaging.queues[0].", false, Duration.ZERO, DEFAULTS)),
				"tasker.messaging.queues[0].name=orders");
		this.runner.withPropertyValues("tasker.messaging.queues[0].name=orders", "tasker.messaging.queues[1]=orders")
			.run((context) -> {
				List<QueueProperties> queues = context.getBean(TaskerMessagingProperties.class).queues();
				assertThat(queues.get(0)).isEqualTo(queues.get(1)).isEqualTo(QueueProperties.of("orders"));
			});
	}

	@Test
	void aBareNumberOfRetentionIsSeconds() {
		withProperties(
				(queues) -> assertThat(queues).extracting(Queue::archiveRetention)
					.containsExactly(Duration.ofMinutes(1)),
				"tasker.messaging.queues[0].name=orders", "tasker.messaging.queues[0].archive-retention=60");
	}

	@Test
	void aQueueDeclaredTwiceIsRefused() {
		assertRefused("tasker.messaging.queues[2].name", "\"orders\" a second time",
				"tasker.messaging.queues=orders,others,orders");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1s", "999us", "20001d", "3650000d", "PT9223372036854775807S" })
	void retentionMustBeInRange(String retention) {
		assertRefused("tasker.messaging.queues[1].archive-retention", "\"orders\" must be from 1ms to 20000d",
				"tasker.messaging.queues[0]=others", "tasker.messaging.queues[1].name=orders",
				"tasker.messaging.queues[1].archive-retention=" + retention);
	}

	@ParameterizedTest
	@CsvSource({ "scale-factor,-1,scaleFactor", "threshold,-1,threshold", "cost-delay,1s,costDelay" })
	void autovacuumMustBeInRange(String property, String value, String reason) {
		assertRefused("tasker.messaging.queues[0].autovacuum", "\"orders\" is out of range: " + reason,
				"tasker.messaging.queues[0].name=orders",
				"tasker.messaging.queues[0].autovacuum." + property + "=" + value);
	}

	@Test
	void aQueueWithoutANameIsRefused() {
		assertRefused("tasker.messaging.queues[0].name", "must name the queue",
				"tasker.messaging.queues[0].unlogged=true");
	}

	@Test
	void aListWithoutItsDashIsRefused() {
		assertYamlRefused("tasker.messaging.queues.name", """
				tasker.messaging.queues:
				  name: orders
				""");
	}

	@Test
	void aPropertyThatAQueueDoesNotHaveIsRefused() {
		assertYamlRefused("tasker.messaging.queues[1].archive-retenton", """
				tasker.messaging.queues:
				  - payments
				  - name: orders
				    archive-retenton: 30d
				""");
		assertYamlRefused("tasker.messaging.queues[0].autovacuum.treshold", """
				tasker.messaging.queues:
				  - name: orders
				    autovacuum:
				      treshold: 1000
				""");
		assertYamlRefused("tasker.messaging.queues[0].archive.retention", """
				tasker.messaging.queues:
				  - name: orders
				    archive:
				      retention: 30d
				""");
	}

	@ParameterizedTest
	@CsvSource({ "unlogged,true", "archive-retention,30d", "name,orders" })
	void aPropertyBesideTheNameAloneIsRefused(String property, String value) {
		assertRefused("tasker.messaging.queues[0]." + property, "declares nothing", "tasker.messaging.queues[0]=orders",
				"tasker.messaging.queues[0]." + property + "=" + value);
	}

	@Test
	void aListBesideNamesInOneValueIsRefused() {
		assertRefused("tasker.messaging.queues[0].unlogged", "declares nothing", "tasker.messaging.queues=orders",
				"tasker.messaging.queues[0].unlogged=true");
	}

	@Test
	void relaxedNamesAreProperties() {
		withYaml("""
				tasker.messaging.queues:
				  - name: orders
				    archiveRetention: 30d
				    autovacuum:
				      scale_factor: 0.2
				""", (queues) -> assertThat(queues).containsExactly(ORDERS));
	}

	@Test
	void anEmptyListDeclaresNoQueues() {
		withYaml("tasker.messaging.queues: []", (queues) -> assertThat(queues).isEmpty());
		withYaml("tasker.messaging.queues:", (queues) -> assertThat(queues).isEmpty());
	}

	@Test
	void placeholdersAreResolved() {
		withProperties(
				(queues) -> assertThat(queues).extracting(Queue::archiveRetention).containsExactly(Duration.ofDays(30)),
				"retention=30d", "tasker.messaging.queues[0].name=orders",
				"tasker.messaging.queues[0].archive-retention=${retention}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ARCHIVERETENTION,SCALEFACTOR", "ARCHIVE_RETENTION,SCALE_FACTOR" })
	void variablesOfTheEnvironmentDeclareQueues(String names) {
		String retention = names.split(",")[0];
		String scaleFactor = names.split(",")[1];
		withEnvironment((queues) -> assertThat(queues).containsExactly(ORDERS), "TASKER_MESSAGING_QUEUES_0_NAME=orders",
				"TASKER_MESSAGING_QUEUES_0_" + retention + "=30d",
				"TASKER_MESSAGING_QUEUES_0_AUTOVACUUM_" + scaleFactor + "=0.2");
	}

	@Test
	void namesInVariablesAreQueues() {
		withEnvironment(QueuePropertiesTests::assertPaymentsAndRefunds, "TASKER_MESSAGING_QUEUES=payments,refunds");
		withEnvironment(QueuePropertiesTests::assertPaymentsAndRefunds, "TASKER_MESSAGING_QUEUES_0=payments",
				"TASKER_MESSAGING_QUEUES_1=refunds");
	}

	@ParameterizedTest
	@ValueSource(strings = { "_0_ARCHIVERETENTON", "_0_ARCHIVE_RETENTON", "_NAME", "_0_AUTOVACUUM_TRESHOLD" })
	void aVariableThatDeclaresNothingIsRefused(String variable) {
		String key = "TASKER_MESSAGING_QUEUES" + variable;
		withEnvironment("TASKER_MESSAGING_QUEUES_0_NAME=orders", key + "=30")
			.run((context) -> assertRefused(key, "declares nothing", context));
	}

	@Test
	void aPropertyInAnotherSourceThanTheListIsRefused() {
		withEnvironment("TASKER_MESSAGING_QUEUES_0_UNLOGGED=true").withInitializer(yaml(ORDERS_IN_YAML))
			.run((context) -> assertRefused("tasker.messaging.queues[0].name", "Lists are not merged", context));
	}

	@Test
	void aListIsOverriddenAsAWhole() {
		withEnvironment("TASKER_MESSAGING_QUEUES_0_NAME=orders").withInitializer(yaml(ORDERS_IN_YAML))
			.run((context) -> assertThat(declared(context).queues())
				.containsExactly(new Queue("orders", "tasker.messaging.queues[0].", false, Duration.ZERO, DEFAULTS)));
	}

	@Test
	void aKeyThatDeclaresNothingIsRefusedAlsoWhereTheListIsOverridden() {
		withEnvironment("TASKER_MESSAGING_QUEUES=payments")
			.withInitializer(yaml("tasker.messaging.queues.name: orders"))
			.run((context) -> assertRefused("tasker.messaging.queues.name", "declares nothing", context));
	}

	@Test
	void aBadNameIsRefused() {
		this.runner.withPropertyValues("tasker.messaging.queues=orders,Orders")
			.run((context) -> assertThatExceptionOfType(QueueCreationException.class)
				.isThrownBy(() -> declared(context))
				.withMessageContaining("tasker.messaging.queues")
				.withMessageContaining("Orders"));
	}

	private static void assertPaymentsAndRefunds(List<Queue> queues) {
		assertThat(queues).extracting(Queue::name).containsExactly("payments", "refunds");
		assertThat(queues).extracting(Queue::autovacuum).containsOnly(DEFAULTS);
		assertThat(queues).noneMatch(Queue::unlogged).noneMatch(Queue::hasRetention);
	}

	private void withProperties(ThrowingConsumer<List<Queue>> queues, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> queues.accept(declared(context).queues()));
	}

	private void withYaml(String yaml, ThrowingConsumer<List<Queue>> queues) {
		this.runner.withInitializer(yaml(yaml)).run((context) -> queues.accept(declared(context).queues()));
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> yaml(String yaml) {
		return (context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("application.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addLast);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		};
	}

	private void withEnvironment(ThrowingConsumer<List<Queue>> queues, String... variables) {
		withEnvironment(variables).run((context) -> queues.accept(declared(context).queues()));
	}

	private ApplicationContextRunner withEnvironment(String... variables) {
		return this.runner.withInitializer((context) -> TestPropertyValues.of(variables)
			.applyTo(context.getEnvironment(), TestPropertyValues.Type.SYSTEM_ENVIRONMENT));
	}

	private void assertRefused(String property, String reason, String... properties) {
		this.runner.withPropertyValues(properties).run((context) -> assertRefused(property, reason, context));
	}

	private void assertYamlRefused(String property, String yaml) {
		this.runner.withInitializer(yaml(yaml)).run((context) -> assertRefused(property, "declares nothing", context));
	}

	private static void assertRefused(String property, String reason, ApplicationContext context) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(() -> declared(context))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(property))
			.satisfies((ex) -> assertThat(ex.getReason()).contains(reason));
	}

	private static DeclaredQueues declared(ApplicationContext context) {
		return DeclaredQueues.of(context.getBean(TaskerMessagingProperties.class),
				(ConfigurableEnvironment) context.getEnvironment());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(TaskerMessagingProperties.class)
	static class Properties {

	}

}
