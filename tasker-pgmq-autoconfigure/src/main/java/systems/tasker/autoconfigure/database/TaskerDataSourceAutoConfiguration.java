/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import javax.sql.DataSource;
import javax.sql.XADataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import systems.tasker.database.TaskerDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the Tasker DataSource of an
 * application that has no DataSource of its own: it is the application's default one.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@EnableConfigurationProperties(TaskerDatabaseProperties.class)
public final class TaskerDataSourceAutoConfiguration {

	TaskerDataSourceAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnDatabaseUrl(DatabaseUrls.TASKER)
	TaskerDatabaseConnectionDetails taskerDatabaseConnectionDetails(TaskerDatabaseProperties properties) {
		return () -> DatabaseUrls.read(DatabaseUrls.TASKER, properties.url(), properties.username(),
				properties.password());
	}

	/**
	 * The DataSource, also when its address is missing: the failure then names our
	 * property, and Boot does not ask for one of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(NoApplicationDataSourceCondition.class)
	@ConditionalOnMissingBean({ DataSource.class, XADataSource.class, JdbcConnectionDetails.class })
	@ConditionalOnMissingQualifiedBean(type = DataSource.class, qualifier = TaskerDataSource.class)
	static class DefaultDataSourceConfiguration {

		@Bean
		@TaskerDataSource
		DataSource taskerDataSource(ObjectProvider<TaskerDatabaseConnectionDetails> connectionDetails,
				TaskerDatabaseProperties properties, Environment environment) {
			TaskerDatabaseConnectionDetails details = connectionDetails.getIfAvailable(() -> () -> DatabaseUrls
				.read(DatabaseUrls.TASKER, properties.url(), properties.username(), properties.password()));
			return PoolSettings.of(properties.pool()).open(details.url(), environment);
		}

	}

	/**
	 * Matches when no property gives the application a DataSource of its own.
	 */
	static class NoApplicationDataSourceCondition extends NoneNestedConditions {

		NoApplicationDataSourceCondition() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnDatabaseUrl("spring.datasource.url")
		static class Url {

		}

		@ConditionalOnProperty("spring.datasource.jndi-name")
		static class Jndi {

		}

	}

}
