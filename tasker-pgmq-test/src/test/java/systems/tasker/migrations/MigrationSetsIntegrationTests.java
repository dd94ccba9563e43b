/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

import systems.tasker.database.MigrationSet;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Both sets, applied by a plain owner to databases that have nothing else in them.
 */
class MigrationSetsIntegrationTests {

	private final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private final DataSource dataSource = this.database.dataSource();

	private final JdbcClient client = JdbcClient.create(this.dataSource);

	@AfterEach
	void drop() {
		this.database.close();
	}

	@ParameterizedTest
	@EnumSource
	void roleThatMayCreateSchemasAppliesTheSet(MigrationSet set) {
		assertThat(Migrations.flyway(this.dataSource, set).migrate().success).isTrue();
		assertThat(ownerOf(set)).isEqualTo(this.database.username());
	}

	@ParameterizedTest
	@EnumSource
	void roleThatMayNotCreateSchemasAppliesTheSetToItsSchema(MigrationSet set) {
		createSchemaAsAdministrator(set);
		assertThat(Migrations.flyway(this.dataSource, set).migrate().success).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void filesApplyWithoutFlyway(MigrationSet set) {
		Migrations.runFiles(this.dataSource, set.location() + "/*.sql");
		assertThat(ownerOf(set)).isEqualTo(this.database.username());
	}

	@ParameterizedTest
	@EnumSource
	void filesApplyWithoutFlywayToASchemaThatExists(MigrationSet set) {
		createSchemaAsAdministrator(set);
		Migrations.runFiles(this.dataSource, set.location() + "/*.sql");
	}

	@ParameterizedTest
	@EnumSource
	void secondRunChangesNothing(MigrationSet set) {
		Flyway flyway = Migrations.flyway(this.dataSource, set);
		assertThat(flyway.migrate().migrationsExecuted).isPositive();
		assertThat(flyway.migrate().migrationsExecuted).isZero();
		flyway.validate();
	}

	@ParameterizedTest
	@EnumSource
	void repeatableFilesCanBeRunAgain(MigrationSet set) {
		Migrations.runFiles(this.dataSource, set.location() + "/*.sql");
		List<String> before = definitions(set);
		assertThat(before).isNotEmpty().doesNotContainNull();
		Migrations.runFiles(this.dataSource, set.location() + "/R__*.sql");
		assertThat(definitions(set)).isEqualTo(before);
	}

	@ParameterizedTest
	@EnumSource
	void repeatableFilesUseOnlyWhatComesBeforeThem(MigrationSet set) {
		Map<String, String> files = Migrations.contents(set.location() + "/R__*.sql");
		assertThat(files).isNotEmpty();
		Pattern definition = Pattern.compile("create or replace (?:function|view) (%s\\.\\w+)".formatted(set.schema()));
		files.forEach((file, sql) -> files.forEach((later, definitions) -> {
			if (later.compareTo(file) > 0) {
				definition.matcher(definitions)
					.results()
					.forEach((match) -> assertThat(sql).as(file + " comes before " + later)
						.doesNotContainPattern(Pattern.quote(match.group(1)) + "\\b"));
			}
		}));
	}

	@Test
	void functionsSurviveTheRemovalOfPgmq() {
		this.client.sql("create extension pgmq").update();
		Migrations.flyway(this.dataSource, MigrationSet.PGMQ).migrate();
		String before = functions(MigrationSet.PGMQ);
		this.client.sql("drop extension pgmq cascade").update();
		assertThat(functions(MigrationSet.PGMQ)).isEqualTo(before);
	}

	@Test
	void setsShareADatabase() {
		Migrations.flyway(this.dataSource, MigrationSet.PGMQ).migrate();
		Migrations.flyway(this.dataSource, MigrationSet.TASKER).migrate();
		for (MigrationSet set : MigrationSet.values()) {
			Migrations.flyway(this.dataSource, set).validate();
		}
		assertThat(this.client.sql("""
				select relnamespace::regnamespace || '.' || relname from pg_class
				where relname like '%history' and relkind = 'r'
				""").query(String.class).list()).containsExactlyInAnyOrder("tasker.tasker_schema_history",
				"tasker_pgmq.tasker_pgmq_schema_history");
	}

	@Test
	void taskerSetLeavesNothingOutsideItsSchema() {
		Migrations.flyway(this.dataSource, MigrationSet.TASKER).migrate();
		assertThat(
				this.client.sql("select nspname from pg_namespace where nspname !~ '^pg_'").query(String.class).list())
			.containsExactlyInAnyOrder("information_schema", "public", "tasker");
		assertThat(this.client.sql("select count(*) from pg_class where relnamespace = 'public'::regnamespace")
			.query(Long.class)
			.single()).isZero();
	}

	private void createSchemaAsAdministrator(MigrationSet set) {
		JdbcClient administrator = JdbcClient.create(this.database.superuserDataSource());
		administrator.sql("alter database %s owner to current_user".formatted(this.database.name())).update();
		administrator.sql("create schema %s authorization %s".formatted(set.schema(), this.database.username()))
			.update();
		assertThat(this.client.sql("select has_database_privilege(current_database(), 'create')")
			.query(Boolean.class)
			.single()).isFalse();
	}

	private String ownerOf(MigrationSet set) {
		return this.client.sql("select nspowner::regrole from pg_namespace where nspname = ?")
			.param(set.schema())
			.query(String.class)
			.single();
	}

	/**
	 * Return all that repeatable files make, and the comments of everything.
	 */
	private List<String> definitions(MigrationSet set) {
		return this.client.sql("""
				select pg_get_functiondef(oid) from pg_proc where pronamespace = :schema::regnamespace
				union all
				select format('view %s: %s', oid::regclass, pg_get_viewdef(oid))
				from pg_class where relnamespace = :schema::regnamespace and relkind = 'v'
				union all
				select pg_get_triggerdef(t.oid) from pg_trigger t join pg_proc p on p.oid = t.tgfoid
				where p.pronamespace = :schema::regnamespace
				union all
				select format('comment on %s %s: %s', o.type, o.identity, d.description)
				from pg_description d cross join pg_identify_object(d.classoid, d.objoid, d.objsubid) o
				where o.schema = :schema or o.type = 'schema' and o.name = :schema
				order by 1
				""").param("schema", set.schema()).query(String.class).list();
	}

	private String functions(MigrationSet set) {
		return this.client.sql("""
				select string_agg(pg_get_functiondef(oid), E'\\n' order by oid::regprocedure::text)
				from pg_proc where pronamespace = ?::regnamespace
				""").param(set.schema()).query(String.class).single();
	}

}
