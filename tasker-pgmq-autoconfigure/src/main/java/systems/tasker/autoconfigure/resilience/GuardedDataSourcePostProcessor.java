/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import javax.sql.DataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import systems.tasker.autoconfigure.database.QualifiedBeans;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * Puts the circuit breaker before the Tasker DataSource, also when that is the one of the
 * application.
 */
final class GuardedDataSourcePostProcessor implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<CircuitBreakerGuard> guard;

	GuardedDataSourcePostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<CircuitBreakerGuard> guard) {
		this.beanFactory = beanFactory;
		this.guard = guard;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof DataSource dataSource && !(bean instanceof GuardedDataSource)
				&& QualifiedBeans.isQualified(this.beanFactory, beanName, TaskerDataSource.class))
						? new GuardedDataSource(dataSource, this.guard.getObject()) : bean;
	}

}
