/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

import systems.tasker.database.GuardedDataSource;

/**
 * Finds the transaction manager of a DataSource.
 */
final class TransactionManagers {

	private static final boolean JPA_PRESENT = ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager",
			TransactionManagers.class.getClassLoader());

	private TransactionManagers() {
	}

	// One connection must have one manager, and that of the application may be JPA's.
	static PlatformTransactionManager of(DataSource dataSource, @Nullable PlatformTransactionManager application) {
		return (application != null && manages(application, dataSource)) ? application
				: new JdbcTransactionManager(dataSource);
	}

	private static boolean manages(PlatformTransactionManager manager, DataSource dataSource) {
		if (manager instanceof JtaTransactionManager) {
			return true;
		}
		Object resource = null;
		if (JPA_PRESENT && manager instanceof JpaTransactionManager jpa) {
			resource = jpa.getDataSource();
		}
		else if (manager instanceof ResourceTransactionManager resourceManager) {
			resource = resourceManager.getResourceFactory();
		}
		return resource instanceof DataSource managed
				&& GuardedDataSource.unguarded(managed) == GuardedDataSource.unguarded(dataSource);
	}

}
