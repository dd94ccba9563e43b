/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import systems.tasker.autoconfigure.database.ConditionalOnPgmqDatabase;
import systems.tasker.autoconfigure.database.ConnectionDemand;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.TaskerMessagingAutoConfiguration;
import systems.tasker.autoconfigure.resilience.CircuitBreakersProperties.Breaker;
import systems.tasker.database.DatabasePools;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a circuit breaker before each
 * database.
 */
@AutoConfiguration(before = TaskerMessagingAutoConfiguration.class, after = TaskerDatabaseAutoConfiguration.class,
		afterName = "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
@ConditionalOnClass(CircuitBreakerRegistry.class)
@ConditionalOnBean({ CircuitBreakerRegistry.class, DatabasePools.class })
@EnableConfigurationProperties(CircuitBreakersProperties.class)
public final class TaskerCircuitBreakerAutoConfiguration {

	private static final String TASKER = "tasker";

	private static final String PGMQ = "pgmq";

	TaskerCircuitBreakerAutoConfiguration() {
	}

	@Bean
	static GuardedDataSourcePostProcessor taskerGuardedDataSourcePostProcessor(
			ConfigurableListableBeanFactory beanFactory, @TaskerDataSource ObjectProvider<CircuitBreakerGuard> guard) {
		return new GuardedDataSourcePostProcessor(beanFactory, guard);
	}

	@Bean
	@TaskerDataSource
	CircuitBreakerGuard taskerCircuitBreakerGuard(CircuitBreakerRegistry registry,
			CircuitBreakersProperties properties) {
		return guard(registry, TASKER, properties.tasker());
	}

	@Bean
	CircuitBreakerProbe taskerCircuitBreakerProbe(@TaskerDataSource CircuitBreakerGuard guard, DatabasePools pools) {
		return new CircuitBreakerProbe(guard, pools.tasker());
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "tasker.circuit-breakers.tasker.health-check-enabled", matchIfMissing = true)
	ConnectionDemand taskerCircuitBreakerProbeConnection() {
		return probeConnection(TASKER);
	}

	private static ConnectionDemand probeConnection(String name) {
		return ConnectionDemand.direct(name, "probe of circuit breaker " + name, 1,
				"tasker.circuit-breakers." + name + ".health-check-enabled");
	}

	// Resilience4j has made a breaker already when it has properties for an instance of
	// the name.
	private static CircuitBreakerGuard guard(CircuitBreakerRegistry registry, String name, Breaker properties) {
		registry.remove(name);
		return new CircuitBreakerGuard(registry.circuitBreaker(name, CircuitBreakerGuard.configuration(properties)),
				properties);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnPgmqDatabase
	static class PgmqConfiguration {

		@Bean
		@PgmqDataSource
		CircuitBreakerGuard pgmqCircuitBreakerGuard(CircuitBreakerRegistry registry,
				CircuitBreakersProperties properties) {
			return guard(registry, PGMQ, properties.pgmq());
		}

		@Bean
		CircuitBreakerProbe pgmqCircuitBreakerProbe(@PgmqDataSource CircuitBreakerGuard guard, DatabasePools pools) {
			return new CircuitBreakerProbe(guard, pools.pgmq());
		}

		@Bean
		@ConditionalOnBooleanProperty(name = "tasker.circuit-breakers.pgmq.health-check-enabled", matchIfMissing = true)
		ConnectionDemand pgmqCircuitBreakerProbeConnection() {
			return probeConnection(PGMQ);
		}

	}

}
