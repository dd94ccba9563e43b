/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.database;

import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PostgresUrl}.
 */
class PostgresUrlTests {

	@ParameterizedTest
	@ValueSource(strings = { "postgresql://app:p%40ss@db.example:6432/orders?sslmode=require",
			"postgres://app:p%40ss@DB.example:6432/orders?sslmode=require",
			"jdbc:postgresql://db.example:6432/orders?sslmode=require&user=app&password=p%40ss",
			"jdbc:postgresql://app:p%40ss@db.example:6432/orders?sslmode=require",
			"  postgresql://app:p%40ss@db.example:6432/orders?sslmode=require\n" })
	void everySpellingOfOneAddressReadsTheSame(String text) {
		PostgresUrl url = PostgresUrl.parse(text);
		assertThat(url.hosts()).containsExactly(new PostgresUrl.Host("db.example", 6432));
		assertThat(url.database()).isEqualTo("orders");
		assertThat(url.username()).isEqualTo("app");
		assertThat(url.password()).isEqualTo("p@ss");
		assertThat(url.parameters()).containsOnly(java.util.Map.entry("sslmode", "require"));
		assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6432/orders?sslmode=require");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			postgresql://h/d                     | jdbc:postgresql://h:5432/d
			postgresql:///d                      | jdbc:postgresql://localhost:5432/d
			jdbc:postgresql:d                    | jdbc:postgresql://localhost:5432/d
			postgresql://[::1]:5433/d            | jdbc:postgresql://[::1]:5433/d
			postgresql://[2001:db8::1]/d         | jdbc:postgresql://[2001:db8::1]:5432/d
			postgresql://a:1,b,c:3/d             | jdbc:postgresql://a:1,b:5432,c:3/d
			postgresql://h/d%20b                 | jdbc:postgresql://h:5432/d+b
			postgresql://h/d?connect_timeout=3   | jdbc:postgresql://h:5432/d?connectTimeout=3
			postgresql://h/d?options=-c%20a%3Db  | jdbc:postgresql://h:5432/d?options=-c+a%3Db
			postgresql:///d?host=/run/postgresql | jdbc:postgresql://localhost:5432/d?host=%2Frun%2Fpostgresql
			postgresql:///?host=h&port=7&dbname=d | jdbc:postgresql://h:7/d
			postgresql://h/d?target_session_attrs=read-write | jdbc:postgresql://h:5432/d?targetServerType=primary
			jdbc:postgresql://h/d?connect_timeout=3 | jdbc:postgresql://h:5432/d?connect_timeout=3
			postgresql://h/d?prepareThreshold=0&a&b= | jdbc:postgresql://h:5432/d?prepareThreshold=0&a=&b=
			""")
	void whatTheDriverIsGiven(String text, String jdbcUrl) {
		assertThat(PostgresUrl.parse(text).jdbcUrl()).isEqualTo(jdbcUrl);
	}

	@Test
	void theDriverUnderstandsWhatItIsGiven() {
		PostgresUrl url = PostgresUrl
			.parse("postgres://u@a:1,[::1]:2/my%20db+1%2F2?options=-c%20x%3Dy%26z&sslmode=disable");
		Properties read = Driver.parseURL(url.jdbcUrl(), new Properties());
		assertThat(read).containsEntry("PGHOST", "a,[::1]")
			.containsEntry("PGPORT", "1,2")
			.containsEntry("PGDBNAME", "my db+1/2")
			.containsEntry("options", "-c x=y&z")
			.containsEntry("sslmode", "disable");
	}

	@Test
	void aPlusIsItselfInALibpqUrlAndASpaceInAJdbcUrl() {
		assertThat(PostgresUrl.parse("postgresql://u:a+b@h/d").password()).isEqualTo("a+b");
		assertThat(PostgresUrl.parse("jdbc:postgresql://h/d?password=a+b").password()).isEqualTo("a b");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			mysql://u:hunter2@h/d           | its scheme 'mysql' is none of
			hunter2                         | it has none of postgresql://
			postgresql://u:hunter2@h        | it names no database
			postgresql://u:hunter2@h/       | it names no database
			jdbc:postgresql:/               | it has none of postgresql://
			postgresql://u:hun/ter2@h/d     | write %2F for a '/'
			postgresql://u:hunter2%zz@h/d   | its password has a '%'
			postgresql://h:hunter2/d        | its port is not a number
			postgresql://h:0/d              | its port is not a number
			postgresql://h:65536/d          | its port is not a number
			postgresql://::1/d              | in brackets
			postgresql://h/a/b              | write %2F for a '/'
			""")
	void aMalformedUrlIsRefusedWithTheReasonAndWithoutThePassword(String text, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> PostgresUrl.parse(text))
			.withMessageContaining(reason)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("hunter2").doesNotContain("hun/ter2"));
	}

	@ParameterizedTest
	@CsvSource({ "postgresql://u@h/d, jdbc:postgresql://H:5432/d?user=u, true",
			"postgresql://u:a@h/d?b=1&c=2, postgres://u:b@h/d?c=2&b=1, true",
			"'postgresql://u@a,b/d', 'postgresql://u@b,a/d', true",
			"postgresql://u@h/d, postgresql://u@h:5433/d, false", "postgresql://u@h/d, postgresql://u@h/e, false",
			"postgresql://u@h/d, postgresql://v@h/d, false", "postgresql://u@h/d, postgresql://h/d, false",
			"postgresql://u@h/d, postgresql://u@g/d, false",
			"postgresql:///d?host=/a, postgresql:///d?host=/b, false" })
	void twoAddressesAreOneDatabaseWhenHostPortDatabaseAndUserAgree(String one, String other, boolean same) {
		assertThat(PostgresUrl.parse(one).isSameDatabase(PostgresUrl.parse(other))).isEqualTo(same);
		assertThat(PostgresUrl.parse(other).isSameDatabase(PostgresUrl.parse(one))).isEqualTo(same);
	}

	@Test
	void textShowsNeitherPasswordNorParameters() {
		PostgresUrl url = PostgresUrl.parse("postgresql://u:hunter2@h/d?sslpassword=hunter3");
		assertThat(url).hasToString("postgresql://h:5432/d");
		assertThat(url.jdbcUrl()).doesNotContain("hunter2");
	}

	@Test
	void credentialsGivenApartReplaceThoseOfTheUrl() {
		PostgresUrl url = PostgresUrl.parse("postgresql://u:a@h/d").withCredentials("v", null);
		assertThat(url.username()).isEqualTo("v");
		assertThat(url.password()).isEqualTo("a");
		assertThat(url.withCredentials(null, "b").password()).isEqualTo("b");
	}

}
