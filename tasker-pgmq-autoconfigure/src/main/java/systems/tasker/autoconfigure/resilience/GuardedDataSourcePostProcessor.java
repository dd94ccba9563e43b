/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import javax.sql.DataSource;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * Puts the circuit breaker before the Tasker DataSource. A DataSource the application
 * made for itself is left as it is under its own name.
 */
final class GuardedDataSourcePostProcessor implements BeanPostProcessor {

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<CircuitBreakerGuard> guard;

	GuardedDataSourcePostProcessor(ListableBeanFactory beanFactory, ObjectProvider<CircuitBreakerGuard> guard) {
		this.beanFactory = beanFactory;
		this.guard = guard;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof DataSource dataSource && !(bean instanceof GuardedDataSource)
				&& this.beanFactory.findAnnotationOnBean(beanName, TaskerDataSource.class, false) != null)
						? new GuardedDataSource(dataSource, this.guard.getObject()) : bean;
	}

}
