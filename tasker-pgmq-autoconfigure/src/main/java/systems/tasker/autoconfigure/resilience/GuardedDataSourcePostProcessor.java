/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.resilience;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.InfrastructureProxy;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import systems.tasker.autoconfigure.database.QualifiedBeans;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * Puts the circuit breaker before the Tasker DataSource, also when that is the one of the
 * application. A HikariCP pool stays one for those who inject it by its class.
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
		if (!(bean instanceof DataSource dataSource) || bean instanceof InfrastructureProxy
				|| !QualifiedBeans.isQualified(this.beanFactory, beanName, TaskerDataSource.class)) {
			return bean;
		}
		return (bean instanceof HikariDataSource pool) ? ofSameType(pool)
				: new GuardedDataSource(dataSource, this.guard.getObject());
	}

	/*
	 * Applications inject their pool by its class too. It has no final methods. A proxy
	 * that returns its target returns itself, so what is behind it is not the pool but
	 * stands for it.
	 */
	private Object ofSameType(HikariDataSource pool) {
		DataSource unguarded = new DelegatingDataSource(pool);
		GuardedDataSource guarded = new GuardedDataSource(unguarded, this.guard.getObject());
		ProxyFactory factory = new ProxyFactory(pool);
		factory.setProxyTargetClass(true);
		factory.addInterface(InfrastructureProxy.class);
		factory.addAdvice((MethodInterceptor) (invocation) -> switch (invocation.getMethod().getName()) {
			case "getConnection" -> connection(guarded, invocation.getArguments());
			case "getWrappedObject" -> unguarded;
			default -> invocation.proceed();
		});
		return factory.getProxy(this.beanFactory.getBeanClassLoader());
	}

	private static Connection connection(GuardedDataSource guarded, Object[] login) throws SQLException {
		return (login.length == 0) ? guarded.getConnection()
				: guarded.getConnection((String) login[0], (String) login[1]);
	}

}
