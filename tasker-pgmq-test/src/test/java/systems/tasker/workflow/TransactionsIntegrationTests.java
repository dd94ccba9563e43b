/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TransactionsIntegrationTests {

	private final Workflows workflows = new Workflows();

	private final TaskerDatabase tasker = this.workflows.tasker();

	@BeforeEach
	void saveTemplate() {
		this.workflows.template(StepTemplate.of("a"));
	}

	@AfterEach
	void drop() {
		this.workflows.close();
	}

	@Test
	void operationsOfACallerRollBackTogether() {
		UUID task = this.workflows.task();
		this.workflows.transaction().executeWithoutResult((status) -> {
			this.workflows.template(StepTemplate.of("b"));
			this.workflows.task();
			this.workflows.walk(task, TaskState.INITIALIZING);
			this.workflows.work(this.workflows.step(task, "a"));
			status.setRollbackOnly();
		});
		assertThat(this.workflows.count("tasks")).isEqualTo(1);
		assertThat(this.workflows.count("named_steps")).isEqualTo(1);
		assertThat(this.workflows.taskHistory(task)).containsExactly("pending");
		assertThat(this.workflows.readiness(task, "a").attempts()).isZero();
	}

	@Test
	void operationsOfACallerCommitTogether() {
		UUID task = this.workflows.transaction().execute((status) -> {
			UUID created = this.workflows.task();
			this.workflows.walk(created, TaskState.INITIALIZING);
			return created;
		});
		assertThat(this.workflows.taskHistory(task)).containsExactly("pending", "initializing");
	}

	// As JpaTransactionManager binds it: not marked as a transaction of JDBC.
	@Test
	void transactionOfJpaIsJoinedAndNotCommitted() throws SQLException {
		try (Connection connection = this.workflows.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			TransactionSynchronizationManager.bindResource(this.workflows.dataSource(),
					new ConnectionHolder(connection));
			try {
				this.workflows.task();
			}
			finally {
				TransactionSynchronizationManager.unbindResource(this.workflows.dataSource());
			}
			connection.rollback();
		}
		assertThat(this.workflows.count("tasks")).isZero();
	}

	@Test
	void transactionOnAnotherDatabaseIsNotOurs() {
		try (TestDatabase other = TaskerPostgres.shared().createDatabase()) {
			new TransactionTemplate(new JdbcTransactionManager(other.dataSource())).executeWithoutResult((status) -> {
				// Binds a connection that only reads.
				assertThat(this.workflows.count("tasks")).isZero();
				this.workflows.task();
				status.setRollbackOnly();
			});
		}
		assertThat(this.workflows.count("tasks")).isEqualTo(1);
	}

	@Test
	void onlyReadingIsPossibleWhereTheCallerOnlyReads() {
		UUID task = this.workflows.task();
		TransactionTemplate reading = this.workflows.transaction();
		reading.setReadOnly(true);
		reading.executeWithoutResult(
				(status) -> assertThat(this.tasker.tasks().executionContext(task).totalSteps()).isEqualTo(1));
	}

	@Test
	void suspendedTransactionIsNotJoined() {
		TransactionTemplate suspended = this.workflows.transaction();
		suspended.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
		this.workflows.transaction().executeWithoutResult((outer) -> {
			suspended.executeWithoutResult((status) -> this.workflows.task());
			outer.setRollbackOnly();
		});
		assertThat(this.workflows.count("tasks")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callbacksAfterATransactionCommitByThemselves(boolean autoCommit) {
		try (Workflows others = new Workflows(autoCommit, JsonMapper.builder())) {
			others.template(StepTemplate.of("a"));
			others.transaction()
				.executeWithoutResult((status) -> TransactionSynchronizationManager
					.registerSynchronization(new TransactionSynchronization() {
						@Override
						public void afterCommit() {
							others.task();
						}

						@Override
						public void afterCompletion(int status) {
							others.task();
						}
					}));
			others.transaction().executeWithoutResult((status) -> {
				status.setRollbackOnly();
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
					@Override
					public void afterCompletion(int status) {
						others.task();
					}
				});
			});
			assertThat(others.count("tasks")).isEqualTo(3);
			assertThat(others.count("task_transitions")).isEqualTo(3);
		}
	}

	@Test
	void transactionIsJoinedBehindAProxyThatKnowsIt() {
		TaskerDatabase proxied = new TaskerDatabase(new TransactionAwareDataSourceProxy(this.workflows.dataSource()));
		UUID task = this.workflows.task();
		this.workflows.execute("delete from tasker.task_transitions");
		this.workflows.transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(IllegalTaskStateException.class)
				.isThrownBy(() -> proxied.tasks().cancel(task, null));
			proxied.templates().save(TaskTemplate.of("ns", "other", "1"));
			status.setRollbackOnly();
		});
		assertThat(proxied.templates().find("ns", "other", "1")).isEmpty();
	}

	@Test
	void errorLeavesNothingOfAnOperationInTheTransactionOfItsCaller() {
		UUID task = this.workflows.task();
		UUID step = this.workflows.step(task, "a");
		this.workflows.execute("delete from tasker.task_transitions");
		this.workflows.transaction()
			.executeWithoutResult((status) -> assertThatExceptionOfType(IllegalTaskStateException.class)
				.isThrownBy(() -> this.tasker.tasks().cancel(task, null)));
		assertThat(this.workflows.state(step)).isEqualTo("pending");
	}

}
