/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import systems.tasker.database.DatabasePools;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for both databases: the Tasker
 * DataSource of an application that has one of its own, the PGMQ DataSource, and what
 * goes with each.
 */
@AutoConfiguration(after = { TaskerDataSourceAutoConfiguration.class, DataSourceAutoConfiguration.class })
@EnableConfigurationProperties({ TaskerDatabaseProperties.class, PgmqDatabaseProperties.class })
public final class TaskerDatabaseAutoConfiguration {

	TaskerDatabaseAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	DatabasePools taskerDatabasePools(@TaskerDataSource DataSource tasker, ObjectProvider<PgmqPool> pgmqPool,
			@PgmqDataSource ObjectProvider<DataSource> pgmq) {
		// Not by comparing the two: a post-processor may have put a proxy before each.
		PgmqPool pool = pgmqPool.getIfAvailable();
		if (pool != null && pool.isShared()) {
			return DatabasePools.single(tasker);
		}
		DataSource queues = pgmq.getIfAvailable();
		if (queues == null) {
			return DatabasePools.withoutPgmq(tasker);
		}
		return (queues != tasker) ? DatabasePools.split(tasker, queues) : DatabasePools.single(tasker);
	}

	@Bean
	ConnectionBudget taskerConnectionBudget(DatabasePools pools, ObjectProvider<ConnectionDemand> demands) {
		return new ConnectionBudget(pools, demands);
	}

	/**
	 * A Tasker database beside the one of the application.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingQualifiedBean(type = DataSource.class, qualifier = TaskerDataSource.class)
	@ConditionalOnBean(TaskerDatabaseConnectionDetails.class)
	static class AdditionalDataSourceConfiguration {

		@Bean(defaultCandidate = false)
		@TaskerDataSource
		DataSource taskerDataSource(TaskerDatabaseConnectionDetails details, TaskerDatabaseProperties properties,
				Environment environment) {
			return PoolSettings.of(properties.pool()).open(details.url(), environment);
		}

	}

	/**
	 * The database of the application is the Tasker database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingQualifiedBean(type = DataSource.class, qualifier = TaskerDataSource.class)
	@ConditionalOnMissingBean(TaskerDatabaseConnectionDetails.class)
	static class ApplicationDataSourceConfiguration {

		@Bean
		static ApplicationDataSourceQualifier taskerApplicationDataSourceQualifier() {
			return new ApplicationDataSourceQualifier();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnPgmqDatabase
	static class PgmqConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnDatabaseUrl(DatabaseUrls.PGMQ)
		PgmqDatabaseConnectionDetails pgmqDatabaseConnectionDetails(PgmqDatabaseProperties properties) {
			return () -> DatabaseUrls.read(DatabaseUrls.PGMQ, properties.url(), properties.username(),
					properties.password());
		}

		@Bean
		InstalledPgmq taskerInstalledPgmq() {
			return new InstalledPgmq();
		}

		@Bean
		@ConditionalOnMissingQualifiedBean(type = DataSource.class, qualifier = PgmqDataSource.class)
		PgmqPool pgmqPool(@TaskerDataSource DataSource tasker,
				ObjectProvider<PgmqDatabaseConnectionDetails> connectionDetails, PgmqDatabaseProperties properties,
				Environment environment) {
			PgmqDatabaseConnectionDetails details = connectionDetails.getIfAvailable();
			if (details == null || JdbcUrls.isSameDatabase(tasker, details.url())) {
				return PgmqPool.shared(tasker);
			}
			return PgmqPool.own(PoolSettings.of(properties.pool()).open(details.url(), environment));
		}

		@Bean(defaultCandidate = false, destroyMethod = "")
		@PgmqDataSource
		@ConditionalOnBean(PgmqPool.class)
		DataSource pgmqDataSource(PgmqPool pool) {
			return pool.dataSource();
		}

		@Bean(defaultCandidate = false)
		@PgmqDataSource
		@ConditionalOnMissingQualifiedBean(type = JdbcClient.class, qualifier = PgmqDataSource.class)
		JdbcClient pgmqJdbcClient(DatabasePools pools) {
			return JdbcClient.create(pools.pgmq());
		}

		@Bean(defaultCandidate = false)
		@PgmqDataSource
		@ConditionalOnMissingQualifiedBean(type = PlatformTransactionManager.class, qualifier = PgmqDataSource.class)
		PlatformTransactionManager pgmqTransactionManager(DatabasePools pools,
				@TaskerDataSource PlatformTransactionManager tasker) {
			return pools.isPgmqSeparate() ? new JdbcTransactionManager(pools.pgmq()) : tasker;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TaskerConfiguration {

		@Bean(defaultCandidate = false)
		@TaskerDataSource
		@ConditionalOnMissingQualifiedBean(type = JdbcClient.class, qualifier = TaskerDataSource.class)
		JdbcClient taskerJdbcClient(@TaskerDataSource DataSource dataSource) {
			return JdbcClient.create(dataSource);
		}

		@Bean(defaultCandidate = false)
		@TaskerDataSource
		@ConditionalOnMissingQualifiedBean(type = PlatformTransactionManager.class, qualifier = TaskerDataSource.class)
		PlatformTransactionManager taskerTransactionManager(@TaskerDataSource DataSource dataSource,
				ObjectProvider<PlatformTransactionManager> application) {
			return TransactionManagers.of(dataSource, application.getIfUnique());
		}

	}

}
