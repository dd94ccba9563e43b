/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.workflow;

import javax.sql.DataSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.database.CallersTransaction;

/**
 * What a service needs to take part in the workflows of the Tasker database.
 * <p>
 * Every operation is all or nothing. It joins a Spring transaction on the DataSource that
 * is still to be committed, and else commits by itself, also in the callbacks after a
 * transaction. In a caller's transaction an operation that writes takes a savepoint:
 * whoever catches its error can go on and commit. A caller that touches several tasks
 * does so in the order of their UUIDs, and a task before its steps, or risks a deadlock.
 * <p>
 * Errors of the database itself are Spring's {@code DataAccessException}s, and
 * {@link TransactionException}s when a transaction cannot begin or commit.
 */
public final class TaskerDatabase {

	private final TaskTemplates templates;

	private final Tasks tasks;

	private final Steps steps;

	private final StepWork work;

	private final DeadLetterQueue deadLetters;

	/**
	 * Use a database with a mapper and a backoff of our own.
	 * @param tasker the Tasker database, migrated
	 */
	public TaskerDatabase(DataSource tasker) {
		this(tasker, JsonMapper.builder().build(), RetryBackoff.defaults());
	}

	/**
	 * Use a database.
	 * @param tasker the Tasker database, migrated
	 * @param mapper encodes what the caller passes as JSON: contexts, results,
	 * checkpoints, configurations. Only there do its settings count
	 * @param backoff how long to wait before a step is tried again
	 */
	public TaskerDatabase(DataSource tasker, JsonMapper mapper, RetryBackoff backoff) {
		DataSource dataSource = CallersTransaction.bound(tasker);
		WorkflowSession session = new WorkflowSession(JdbcClient.create(dataSource), new TaskerTransactions(dataSource),
				new Json(mapper));
		TaskTransitions taskStates = new TaskTransitions(session);
		StepTransitions stepStates = new StepTransitions(session);
		ResultSettlement settlement = new ResultSettlement(session, stepStates, backoff);
		this.templates = new TaskTemplates(session);
		this.tasks = new Tasks(session, this.templates, taskStates, stepStates, settlement);
		this.steps = new Steps(session, taskStates, stepStates, settlement);
		this.work = new StepWork(session, stepStates);
		this.deadLetters = new DeadLetterQueue(session);
	}

	/**
	 * Return the templates that tasks are made from.
	 * @return the templates
	 */
	public TaskTemplates templates() {
		return this.templates;
	}

	/**
	 * Return the tasks.
	 * @return the tasks
	 */
	public Tasks tasks() {
		return this.tasks;
	}

	/**
	 * Return the steps, as the orchestration sees them.
	 * @return the steps
	 */
	public Steps steps() {
		return this.steps;
	}

	/**
	 * Return the steps, as a worker sees them.
	 * @return the work
	 */
	public StepWork work() {
		return this.work;
	}

	/**
	 * Return the log of tasks that somebody has to look at.
	 * @return the log
	 */
	public DeadLetterQueue deadLetters() {
		return this.deadLetters;
	}

}
