/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches when there is a PGMQ database: unless {@code tasker.pgmq-database.enabled} is
 * false, however that is written, or {@code tasker.messaging.provider} is not
 * {@code pgmq}.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnPgmqDatabaseCondition.class)
public @interface ConditionalOnPgmqDatabase {

	/**
	 * Return what to match.
	 * @return {@code true} to match when there is a PGMQ database, {@code false} when not
	 */
	boolean enabled() default true;

}
