/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.lang.annotation.Annotation;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/**
 * Tells which beans carry a qualifier.
 */
public final class QualifiedBeans {

	private QualifiedBeans() {
	}

	/**
	 * Return whether a bean carries a qualifier, be it by an annotation or in its
	 * definition.
	 * @param beanFactory the bean factory
	 * @param beanName the name of the bean
	 * @param qualifier the qualifier annotation
	 * @return {@code true} if it does
	 */
	public static boolean isQualified(ConfigurableListableBeanFactory beanFactory, String beanName,
			Class<? extends Annotation> qualifier) {
		return beanFactory.findAnnotationOnBean(beanName, qualifier, false) != null
				|| beanFactory.containsBeanDefinition(beanName)
						&& beanFactory.getBeanDefinition(beanName) instanceof AbstractBeanDefinition definition
						&& definition.hasQualifier(qualifier.getName());
	}

}
