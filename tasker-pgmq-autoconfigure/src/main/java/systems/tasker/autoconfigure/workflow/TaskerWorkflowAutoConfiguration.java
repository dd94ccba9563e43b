/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.autoconfigure.messaging.QueueDepthReport;
import systems.tasker.autoconfigure.messaging.QueueDepths;
import systems.tasker.autoconfigure.migration.TaskerMigrationAutoConfiguration;
import systems.tasker.database.TaskerDataSource;
import systems.tasker.workflow.RetryBackoff;
import systems.tasker.workflow.TaskerDatabase;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link TaskerDatabase} and
 * {@link TaskerOperations}. A bean {@link RetryBackoff} of the application is used.
 */
@AutoConfiguration(after = { TaskerDatabaseAutoConfiguration.class, TaskerMigrationAutoConfiguration.class })
public final class TaskerWorkflowAutoConfiguration {

	private static final String WITHOUT_QUEUES = "tasker.pgmq-database.enabled is false, or a MessagingService of the "
			+ "application carries the messages";

	TaskerWorkflowAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	TaskerDatabase taskerDatabase(@TaskerDataSource DataSource dataSource, ObjectProvider<JsonMapper> jsonMapper,
			ObjectProvider<RetryBackoff> backoff) {
		return new TaskerDatabase(dataSource, jsonMapper.getIfUnique(() -> JsonMapper.builder().build()),
				backoff.getIfUnique(RetryBackoff::defaults));
	}

	@Bean
	@ConditionalOnMissingBean
	TaskerOperations taskerOperations(TaskerDatabase tasker, ObjectProvider<QueueDepths> queueDepths) {
		QueueDepths queues = queueDepths.getIfAvailable();
		return new TaskerOperations(tasker,
				(queues != null) ? queues::read : () -> QueueDepthReport.unknown(WITHOUT_QUEUES));
	}

}
