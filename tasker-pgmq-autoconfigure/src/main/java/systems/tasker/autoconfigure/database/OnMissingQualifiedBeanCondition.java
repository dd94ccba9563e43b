/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.lang.annotation.Annotation;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.Assert;

/**
 * {@link SpringBootCondition} behind {@link ConditionalOnMissingQualifiedBean}.
 */
class OnMissingQualifiedBeanCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		MergedAnnotation<ConditionalOnMissingQualifiedBean> condition = metadata.getAnnotations()
			.get(ConditionalOnMissingQualifiedBean.class);
		Class<?> type = condition.getClass("type");
		Class<? extends Annotation> qualifier = condition.getClass("qualifier").asSubclass(Annotation.class);
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		Assert.state(beanFactory != null, "No bean factory to search");
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnMissingQualifiedBean.class,
				"@" + qualifier.getSimpleName() + " " + type.getSimpleName());
		for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
			if (QualifiedBeans.isQualified(beanFactory, name, qualifier)) {
				return ConditionOutcome.noMatch(message.foundExactly("bean '" + name + "'"));
			}
		}
		return ConditionOutcome.match(message.didNotFind("any beans").atAll());
	}

}
