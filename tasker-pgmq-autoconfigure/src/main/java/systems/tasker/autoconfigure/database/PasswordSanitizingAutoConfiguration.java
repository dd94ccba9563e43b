/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.Locale;
import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that keeps our addresses and
 * passwords out of actuator endpoints, also where they are told to show all values.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class PasswordSanitizingAutoConfiguration {

	private static final Pattern SECRET = Pattern
		.compile("(pgmq_)?database_url|tasker[._](pgmq[-_]?)?database[._](url|listener[-_]?url|password)");

	PasswordSanitizingAutoConfiguration() {
	}

	@Bean
	SanitizingFunction taskerSanitizingFunction() {
		return (data) -> SECRET.matcher(data.getKey().toLowerCase(Locale.ROOT)).matches() ? data.withSanitizedValue()
				: data;
	}

}
