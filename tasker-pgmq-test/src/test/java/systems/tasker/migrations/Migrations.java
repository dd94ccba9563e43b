/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;

import systems.tasker.database.MigrationSet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The two ways to apply a set of migrations.
 */
final class Migrations {

	private Migrations() {
	}

	static Flyway flyway(DataSource dataSource, MigrationSet set) {
		return Flyway.configure()
			.dataSource(dataSource)
			.locations("classpath:" + set.location())
			.defaultSchema(set.schema())
			.table(set.historyTable())
			.load();
	}

	/**
	 * Run files as psql would: versioned ones before repeatable ones.
	 */
	static void runFiles(DataSource dataSource, String pattern) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		find(pattern).stream()
			.sorted(Comparator.comparing((Resource file) -> file.getFilename().startsWith("R__"))
				.thenComparing(Resource::getFilename))
			.forEach((file) -> jdbc.execute(content(file)));
	}

	/**
	 * Return files by name.
	 */
	static Map<String, String> contents(String pattern) {
		return find(pattern).stream().collect(Collectors.toMap(Resource::getFilename, Migrations::content));
	}

	private static List<Resource> find(String pattern) {
		try {
			Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:" + pattern);
			assertThat(files).isNotEmpty();
			return List.of(files);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String content(Resource file) {
		try {
			return file.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
