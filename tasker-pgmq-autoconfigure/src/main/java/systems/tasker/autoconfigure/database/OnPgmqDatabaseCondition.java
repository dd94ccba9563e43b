/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link SpringBootCondition} behind {@link ConditionalOnPgmqDatabase}. Boot's own
 * condition compares text, and would take {@code off} for neither true nor false.
 */
class OnPgmqDatabaseCondition extends SpringBootCondition {

	private static final String PROPERTY = "tasker.pgmq-database.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean wanted = metadata.getAnnotations().get(ConditionalOnPgmqDatabase.class).getBoolean("enabled");
		boolean enabled = Binder.get(context.getEnvironment()).bind(PROPERTY, Boolean.class).orElse(true);
		return new ConditionOutcome(enabled == wanted,
				ConditionMessage.forCondition(ConditionalOnPgmqDatabase.class).because(PROPERTY + " is " + enabled));
	}

}
