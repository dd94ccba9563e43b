/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.workflow;

import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

import systems.tasker.autoconfigure.database.BackgroundWork;
import systems.tasker.autoconfigure.database.TaskerDatabaseAutoConfiguration;
import systems.tasker.database.TaskerDataSource;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link DlqSweeper}, which is
 * off by default.
 */
@AutoConfiguration(after = TaskerDatabaseAutoConfiguration.class)
@ConditionalOnBooleanProperty("tasker.dlq-sweeper.enabled")
@EnableConfigurationProperties(DlqSweeperProperties.class)
public final class TaskerDlqSweeperAutoConfiguration {

	TaskerDlqSweeperAutoConfiguration() {
	}

	@Bean
	DlqSweeper taskerDlqSweeper(DlqSweeperProperties properties) {
		return new DlqSweeper(properties);
	}

	// Not at once: after a standstill of the whole system tasks look stale that only wait
	// for their workers to start.
	@Bean
	BackgroundWork taskerDlqSweeping(DlqSweeper sweeper, DlqSweeperProperties properties,
			@TaskerDataSource DataSource dataSource) {
		return new BackgroundWork(sweeper.work(), properties.interval(), properties.interval(), dataSource);
	}

}
