/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task again and again on a thread of its own, which keeps no JVM alive. The next
 * run begins an interval after the end of the last one, however that ended.
 */
public final class RepeatedTask implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RepeatedTask.class);

	private final String name;

	private final Runnable task;

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Start a task.
	 * @param name the name of the thread
	 * @param delay the time until the first run, zero for at once
	 * @param interval the time between two runs, more than zero
	 * @param task the task
	 */
	public RepeatedTask(String name, Duration delay, Duration interval, Runnable task) {
		this.name = name;
		this.task = task;
		this.executor = new ScheduledThreadPoolExecutor(1, this::newThread);
		this.executor.scheduleWithFixedDelay(this::run, delay.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private Thread newThread(Runnable runnable) {
		Thread thread = new Thread(runnable, this.name);
		thread.setDaemon(true);
		return thread;
	}

	// What a run throws would else be the end of all further ones, without a word.
	private void run() {
		try {
			this.task.run();
		}
		catch (Throwable ex) {
			logger.warn("A run of {} failed, the next one follows", this.name, ex);
		}
	}

	/**
	 * Wait until the thread has ended, after {@link #close()}.
	 * @param timeout how long to wait at most
	 * @return whether it has ended
	 * @throws InterruptedException if the caller is interrupted
	 */
	public boolean awaitEnd(Duration timeout) throws InterruptedException {
		return this.executor.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Interrupt the run under way and let no other begin. Does not wait.
	 */
	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
