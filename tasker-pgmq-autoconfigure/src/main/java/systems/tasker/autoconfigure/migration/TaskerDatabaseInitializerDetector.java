/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.migration;

import java.util.Set;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.sql.init.dependency.DatabaseInitializerDetector;

/**
 * Makes what uses the Tasker database, JPA included, wait for its migration. The
 * migration of the queues is left out: only messaging waits for that.
 */
class TaskerDatabaseInitializerDetector implements DatabaseInitializerDetector {

	@Override
	public Set<String> detect(ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.containsBeanDefinition(TaskerMigrationAutoConfiguration.TASKER_MIGRATION)
				? Set.of(TaskerMigrationAutoConfiguration.TASKER_MIGRATION) : Set.of();
	}

}
