/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;

import systems.tasker.database.TaskerDataSource;

/**
 * Makes the DataSource of the application the Tasker DataSource too. The bean itself gets
 * the qualifier: a second bean with the same pool would be wrapped, measured and closed
 * as if it were another one.
 */
final class ApplicationDataSourceQualifier implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Map<String, AbstractBeanDefinition> candidates = new LinkedHashMap<>();
		for (String name : beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			if (beanFactory.containsBeanDefinition(name)
					&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
					&& definition.isAutowireCandidate() && definition.isDefaultCandidate()) {
				candidates.put(name, definition);
			}
		}
		candidates.values()
			.stream()
			.filter((candidate) -> candidate.isPrimary() || candidates.size() == 1)
			.findFirst()
			.orElseThrow(() -> ambiguous(candidates.keySet()))
			.addQualifier(new AutowireCandidateQualifier(TaskerDataSource.class));
	}

	private static DatabaseConfigurationException ambiguous(Set<String> names) {
		return new DatabaseConfigurationException(
				"The application has %d DataSources (%s) and none of them is primary: which is the Tasker database cannot be told"
					.formatted(names.size(), String.join(", ", names)),
				"Set tasker.database.url (DATABASE_URL) to the address of the Tasker database, "
						+ "or put @TaskerDataSource on the bean that is the Tasker database",
				null);
	}

}
