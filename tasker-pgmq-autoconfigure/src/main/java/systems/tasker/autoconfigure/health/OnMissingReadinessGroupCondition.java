/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches when the application defines no readiness group of its own.
 */
class OnMissingReadinessGroupCondition extends SpringBootCondition {

	private static final String GROUP = "management.endpoint.health.group.readiness";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Readiness group");
		return Binder.get(context.getEnvironment()).bind(GROUP, Bindable.of(Map.class)).isBound()
				? ConditionOutcome.noMatch(message.foundExactly(GROUP))
				: ConditionOutcome.match(message.didNotFind(GROUP).atAll());
	}

}
