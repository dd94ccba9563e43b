/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.drill;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks for passwords in whatever an application gives away: everything it logs (what is
 * about the databases at level DEBUG), exceptions with their stack traces, and the texts
 * it is shown.
 */
final class Secrets implements AutoCloseable {

	/** Thousands of exceptions of an outage are alike. */
	private static final int SAMPLES = 50;

	private static final List<String> LOGGERS = List.of("com.zaxxer.hikari", "systems.tasker",
			"org.springframework.jdbc", "io.github.resilience4j");

	private final List<String> passwords = new CopyOnWriteArrayList<>();

	private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

	private final Map<Class<?>, AtomicInteger> inspected = new ConcurrentHashMap<>();

	private final AtomicLong logged = new AtomicLong();

	private final LogAppender appender = new LogAppender();

	Secrets(String... passwords) {
		this.passwords.addAll(List.of(passwords));
	}

	void add(String password) {
		this.passwords.add(password);
	}

	/**
	 * Start to read the log, which a Spring Boot application sets up anew when it starts.
	 */
	void watchLog() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		this.appender.setContext(context);
		this.appender.start();
		context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this.appender);
		for (String name : LOGGERS) {
			Logger logger = context.getLogger(name);
			logger.setLevel(Level.DEBUG);
			logger.setAdditive(false);
			logger.addAppender(this.appender);
		}
	}

	void inspect(Exception exception) {
		if (this.inspected.computeIfAbsent(exception.getClass(), (type) -> new AtomicInteger())
			.incrementAndGet() <= SAMPLES) {
			inspect(exception.getClass().getName(), stackTrace(exception));
		}
	}

	void inspect(String source, String text) {
		if (this.passwords.stream().anyMatch(text::contains)) {
			this.leaks.add(source + ": " + text);
		}
	}

	private static String stackTrace(Throwable throwable) {
		StringWriter text = new StringWriter();
		throwable.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	void assertKept() {
		assertThat(this.logged).as("lines of the log that were read").hasPositiveValue();
		assertThat(this.leaks).as("where a password was found").isEmpty();
	}

	@Override
	public void close() {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this.appender);
		for (String name : LOGGERS) {
			Logger logger = context.getLogger(name);
			logger.detachAppender(this.appender);
			logger.setAdditive(true);
			logger.setLevel(null);
		}
	}

	private final class LogAppender extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			Secrets.this.logged.incrementAndGet();
			inspect("log of " + event.getLoggerName(), event.getFormattedMessage());
			if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
				inspect("log of " + event.getLoggerName(), stackTrace(proxy.getThrowable()));
			}
		}

	}

}
