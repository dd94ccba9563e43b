/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure.database;

import java.net.UnknownHostException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureText} and the addresses that {@link JdbcUrls} describes.
 */
class FailureTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "Unable to parse URL jdbc:postgresql://localhost:54x32/db?user=app&password=hunter2",
			"Unable to parse URL jdbc:postgresql://localhost/db?password=a hunter2", "app:hunter2@localhost",
			"no route to postgresql://app:hunter2@db/orders", "app:a/hunter2@localhost",
			"database \"db;password=hunter2\" does not exist", "jdbc:oracle:thin:scott/hunter2@db" })
	void showsNoPassword(String message) {
		assertThat(FailureText.of(new SQLException(message))).doesNotContain("hunter2");
		assertThat(FailureText.of(new SQLException("failed", new UnknownHostException(message))))
			.doesNotContain("hunter2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "FATAL: password authentication failed for user \"app\"",
			"Connection to [::1]:5432 refused. Check that the hostname and port are correct",
			"PGMQ at postgresql://db:5432/orders: ask admin@example.org" })
	void leavesOtherTextsAlone(String message) {
		assertThat(FailureText.of(new SQLException(message))).isEqualTo(message);
	}

	@Test
	void namesTheDriverAndTheCauseBehindIt() {
		SQLException driver = new SQLException("The connection attempt failed.",
				new UnknownHostException("nohost.invalid"));
		assertThat(FailureText.of(new IllegalStateException("Flyway", new SQLException("pool", driver))))
			.isEqualTo("The connection attempt failed. (UnknownHostException: nohost.invalid)");
	}

	@Test
	void namesTheClassWhenThereIsNoMessage() {
		assertThat(FailureText.of(new IllegalStateException())).isEqualTo("IllegalStateException");
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:oracle:thin:scott/tiger@db, jdbc:oracle:…", "jdbc:h2:mem:orders, jdbc:h2:…",
			"jdbc:postgresql://app:S/x@localhost:1/db, jdbc:postgresql:…",
			"jdbc:postgresql://localhost:54x32/db?password=S, jdbc:postgresql:…", "postgres:S, …",
			"jdbc:postgresql://app:S@localhost:1/db, postgresql://localhost:1/db",
			"jdbc:postgresql://localhost/db;password=S, postgresql://localhost:5432/db;password=…" })
	void describesAddressesWithoutSecrets(String url, String expected) {
		assertThat(JdbcUrls.describe(url)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://localhost/", "jdbc:postgresql:orders", "jdbc:postgresql:///?service=x",
			"jdbc:postgresql://h1:1,[::1]:2/db?user=app&password=a%40b@c", "jdbc:h2:mem:a@b" })
	void letsAddressesThroughThatDriversRead(String url) {
		JdbcUrls.requireReadable(url);
	}

}
