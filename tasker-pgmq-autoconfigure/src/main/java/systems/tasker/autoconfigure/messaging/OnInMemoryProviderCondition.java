/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.messaging;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

import systems.tasker.autoconfigure.messaging.TaskerMessagingProperties.Provider;

/**
 * Matches when {@code tasker.messaging.provider} is {@code in-memory}, in any of the
 * spellings that an enum has in properties.
 */
class OnInMemoryProviderCondition extends SpringBootCondition {

	private static final String PROPERTY = "tasker.messaging.provider";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Provider provider = Binder.get(context.getEnvironment()).bind(PROPERTY, Provider.class).orElse(Provider.PGMQ);
		return new ConditionOutcome(provider == Provider.IN_MEMORY,
				ConditionMessage.forCondition("In-memory messaging").because(PROPERTY + " is " + provider));
	}

}
