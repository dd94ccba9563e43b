/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.endpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.UnpooledDataSource;
import systems.tasker.autoconfigure.workflow.TaskerOperations;
import systems.tasker.autoconfigure.workflow.TaskerWorkflowAutoConfiguration;
import systems.tasker.database.DatabasePools;
import systems.tasker.workflow.DeadLetterQueue;
import systems.tasker.workflow.TaskerDatabase;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@code taskerDlq} endpoint.
 */
@AutoConfiguration(after = TaskerWorkflowAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ DatabasePools.class, TaskerOperations.class })
public final class TaskerDlqEndpointAutoConfiguration {

	TaskerDlqEndpointAutoConfiguration() {
	}

	// Asked together, and past pool and breaker, for which those who look are no traffic.
	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	TaskerDlqEndpoint taskerDlqEndpoint(DatabasePools pools, TaskerOperations operations) {
		BoundedProbes probes = new BoundedProbes();
		DeadLetterQueue deadLetters = new TaskerDatabase(UnpooledDataSource.quick(pools.tasker())).deadLetters();
		return new TaskerDlqEndpoint(
				new Question(probes.create("dlq-entries", () -> DlqDescriptor.entries(deadLetters.dashboard()))),
				new Question(probes.create("dlq-queues", () -> DlqDescriptor.queues(operations.queueDepths()))));
	}

}
