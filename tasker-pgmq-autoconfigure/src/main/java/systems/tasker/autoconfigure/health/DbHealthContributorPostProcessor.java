/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.lang.annotation.Annotation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

import systems.tasker.autoconfigure.database.BoundedProbes;
import systems.tasker.autoconfigure.database.QualifiedBeans;
import systems.tasker.database.GuardedDataSource;
import systems.tasker.database.PgmqDataSource;
import systems.tasker.database.TaskerDataSource;

/**
 * Takes the PGMQ DataSource out of Boot's {@code db} contributor, which would be down
 * with it, and with {@code db} the application. The Tasker DataSource is asked there
 * without its circuit breaker and for a bounded time.
 */
final class DbHealthContributorPostProcessor implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	DbHealthContributorPostProcessor(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (beanName.equals("dbHealthContributor") && bean instanceof HealthContributor db) ? adapt(db) : bean;
	}

	private HealthContributor adapt(HealthContributor db) {
		Map<String, HealthContributor> adapted = new LinkedHashMap<>();
		byDataSource(db).forEach((name, contributor) -> {
			if (has(name, TaskerDataSource.class)) {
				adapted.put(name, bounded(this.beanFactory.getBean(name, DataSource.class)));
			}
			else if (!has(name, PgmqDataSource.class)) {
				adapted.put(name, contributor);
			}
		});
		return switch (adapted.size()) {
			case 0 -> db;
			case 1 -> adapted.values().iterator().next();
			default -> CompositeHealthContributor.fromMap(adapted);
		};
	}

	private HealthContributor bounded(DataSource dataSource) {
		return new BoundedHealthIndicator("db-health", GuardedDataSource.unguarded(dataSource),
				this.beanFactory.getBean(BoundedProbes.class));
	}

	/**
	 * Boot makes a composite, named after the beans, only when there are several.
	 * @param db the contributor
	 * @return the contributors by the name of their DataSource; empty when that cannot be
	 * told, as with a contributor of the application's own
	 */
	private Map<String, HealthContributor> byDataSource(HealthContributor db) {
		Map<String, HealthContributor> contributors = new LinkedHashMap<>();
		if (db instanceof CompositeHealthContributor composite) {
			composite.stream().forEach((entry) -> contributors.put(entry.name(), entry.contributor()));
		}
		else {
			String[] names = this.beanFactory.getBeanNamesForType(DataSource.class);
			if (names.length == 1) {
				contributors.put(names[0], db);
			}
		}
		Set<String> dataSources = Set.of(this.beanFactory.getBeanNamesForType(DataSource.class));
		return dataSources.containsAll(contributors.keySet()) ? contributors : Map.of();
	}

	private boolean has(String beanName, Class<? extends Annotation> qualifier) {
		return QualifiedBeans.isQualified(this.beanFactory, beanName, qualifier);
	}

}
