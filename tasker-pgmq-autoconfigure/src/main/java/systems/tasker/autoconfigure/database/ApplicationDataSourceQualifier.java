/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.util.ArrayList;
import java.util.List;

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
		List<AbstractBeanDefinition> candidates = new ArrayList<>();
		for (String name : beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			if (beanFactory.containsBeanDefinition(name)
					&& beanFactory.getBeanDefinition(name) instanceof AbstractBeanDefinition definition
					&& definition.isAutowireCandidate() && definition.isDefaultCandidate()) {
				candidates.add(definition);
			}
		}
		candidates.stream()
			.filter((candidate) -> candidate.isPrimary() || candidates.size() == 1)
			.findFirst()
			.orElseThrow(() -> new InvalidDatabaseUrlException(DatabaseUrls.TASKER,
					"the application has " + candidates.size() + " DataSources and none of them is primary; "
							+ "which is the Tasker database cannot be told",
					null))
			.addQualifier(new AutowireCandidateQualifier(TaskerDataSource.class));
	}

}
