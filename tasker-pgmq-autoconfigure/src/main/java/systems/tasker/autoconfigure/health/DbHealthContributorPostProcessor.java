/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.health;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

import systems.tasker.database.PgmqDataSource;

/**
 * Takes the PGMQ DataSource out of Boot's {@code db} contributor, which would be down
 * with it, and with {@code db} the application. A pool that is there under a second name
 * counts once.
 */
final class DbHealthContributorPostProcessor implements BeanPostProcessor {

	private final ListableBeanFactory beanFactory;

	DbHealthContributorPostProcessor(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (beanName.equals("dbHealthContributor") && bean instanceof CompositeHealthContributor db)
				? withoutPgmq(db) : bean;
	}

	private HealthContributor withoutPgmq(CompositeHealthContributor db) {
		Map<String, HealthContributor> remaining = new LinkedHashMap<>();
		Set<Object> seen = new HashSet<>();
		db.stream().forEach((entry) -> {
			if (!isPgmq(entry.name()) && seen.add(this.beanFactory.getBean(entry.name()))) {
				remaining.put(entry.name(), entry.contributor());
			}
		});
		return (remaining.size() == 1) ? remaining.values().iterator().next()
				: CompositeHealthContributor.fromMap(remaining);
	}

	private boolean isPgmq(String dataSource) {
		try {
			return this.beanFactory.findAnnotationOnBean(dataSource, PgmqDataSource.class, false) != null;
		}
		catch (NoSuchBeanDefinitionException ex) {
			// Not the contributor of Boot: its entries are named after DataSources.
			return false;
		}
	}

}
