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

	private static final String ENABLED = "tasker.pgmq-database.enabled";

	private static final String PROVIDER = "tasker.messaging.provider";

	private static final String PGMQ = "pgmq";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean wanted = metadata.getAnnotations().get(ConditionalOnPgmqDatabase.class).getBoolean("enabled");
		Binder binder = Binder.get(context.getEnvironment());
		boolean enabled = binder.bind(ENABLED, Boolean.class).orElse(true);
		String provider = binder.bind(PROVIDER, String.class).orElse(PGMQ);
		return new ConditionOutcome((enabled && provider.equalsIgnoreCase(PGMQ)) == wanted,
				ConditionMessage.forCondition(ConditionalOnPgmqDatabase.class)
					.because(ENABLED + " is " + enabled + " and " + PROVIDER + " is " + provider));
	}

}
