/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.lang.annotation.Annotation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches when no bean of a type carries a qualifier. Boot's own condition can ask for a
 * type or for an annotation, not for both on one bean.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnMissingQualifiedBeanCondition.class)
@interface ConditionalOnMissingQualifiedBean {

	Class<?> type();

	Class<? extends Annotation> qualifier();

}
