/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * {@link SpringBootCondition} behind {@link ConditionalOnDatabaseUrl}.
 */
class OnDatabaseUrlCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		String property = metadata.getAnnotations().get(ConditionalOnDatabaseUrl.class).getString("value");
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnDatabaseUrl.class, property);
		return StringUtils.hasText(context.getEnvironment().getProperty(property))
				? ConditionOutcome.match(message.foundExactly("an address"))
				: ConditionOutcome.noMatch(message.didNotFind("an address").atAll());
	}

}
