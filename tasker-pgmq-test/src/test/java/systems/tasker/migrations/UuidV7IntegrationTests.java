/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import systems.tasker.database.MigrationSet;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class UuidV7IntegrationTests {

	private static final Pattern VERSION_7 = Pattern
		.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

	private final TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();

	private SingleConnectionDataSource connection;

	private JdbcClient client;

	@BeforeEach
	void connect() {
		this.connection = new SingleConnectionDataSource(this.database.jdbcUrl(), this.database.username(),
				this.database.password(), true);
		this.client = JdbcClient.create(this.connection);
		this.client.sql("set search_path = ''").update();
	}

	@AfterEach
	void drop() {
		this.connection.destroy();
		this.database.close();
	}

	@Test
	void valuesHaveVersionAndVariant() {
		migrate();
		assertThat(uuids("select tasker.uuid_generate_v7() from generate_series(1, 1000)"))
			.allSatisfy((uuid) -> assertThat(uuid.toString()).matches(VERSION_7));
	}

	@Test
	void valuesBeginWithTheTimeOfTheClock() {
		migrate();
		List<Long> milliseconds = this.client.sql("""
				with ids as materialized (select tasker.uuid_generate_v7() as id from generate_series(1, 50000)),
				    times as (
				        select ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint as millisecond from ids)
				select floor(extract(epoch from statement_timestamp()) * 1000)::bigint
				union all select min(millisecond) from times
				union all select max(millisecond) from times
				union all select ceil(extract(epoch from clock_timestamp()) * 1000)::bigint
				""").query(Long.class).list();
		assertThat(milliseconds).isSorted();
		// With now() all rows of a statement would have the same time.
		assertThat(milliseconds.get(1)).isLessThan(milliseconds.get(2));
	}

	@Test
	void eachRowOfAStatementHasItsOwnValue() {
		migrate();
		assertThat(uuids("select tasker.uuid_generate_v7() from generate_series(1, 1000)")).hasSize(1000)
			.doesNotHaveDuplicates();
		assertThat(uuids("""
				insert into tasker.named_steps (name, created_at, updated_at)
				values ('a', now(), now()), ('b', now(), now()), ('c', now(), now())
				returning named_step_uuid
				""")).hasSize(3).doesNotHaveDuplicates();
		assertThat(uuids("""
				insert into tasker.named_steps (name, created_at, updated_at)
				select 'step ' || n, now(), now() from generate_series(1, 1000) n
				returning named_step_uuid
				""")).hasSize(1000).doesNotHaveDuplicates();
	}

	@Test
	void eachExecutionOfAGenericPlanHasItsOwnValues() {
		migrate();
		this.client.sql("set plan_cache_mode = force_generic_plan").update();
		this.client.sql("""
				prepare series(int) as select tasker.uuid_generate_v7() from generate_series(1, $1)
				""").update();
		this.client.sql("""
				prepare steps(text) as insert into tasker.named_steps (name, created_at, updated_at)
				values ($1 || 1, now(), now()), ($1 || 2, now(), now()), ($1 || 3, now(), now())
				returning named_step_uuid
				""").update();
		this.client.sql("""
				prepare copies(text, int) as insert into tasker.named_steps (name, created_at, updated_at)
				select $1 || n, now(), now() from generate_series(1, $2) n
				returning named_step_uuid
				""").update();
		List<UUID> uuids = uuids("execute series(1000)");
		uuids.addAll(uuids("execute series(1000)"));
		uuids.addAll(uuids("execute steps('a')"));
		uuids.addAll(uuids("execute steps('b')"));
		uuids.addAll(uuids("execute copies('c', 1000)"));
		uuids.addAll(uuids("execute copies('d', 1000)"));
		assertThat(uuids).hasSize(4006).doesNotHaveDuplicates();
		assertThat(this.client
			.sql("select min(generic_plans) from pg_prepared_statements where name in ('series', 'steps', 'copies')")
			.query(Long.class)
			.single()).isEqualTo(2);
	}

	@Test
	void functionIsVolatileSoThatNoPlanFoldsIt() {
		migrate();
		assertThat(this.client.sql("""
				select format('%s %s %s', provolatile, proparallel, proisstrict)
				from pg_proc where oid = 'tasker.uuid_generate_v7()'::regprocedure
				""").query(String.class).single()).isEqualTo("v s f");
	}

	@Test
	void nativeFunctionIsUsedWhereThereIsOne() {
		migrate();
		assertThat(body().contains("uuidv7()")).isEqualTo(isNative());
		assertThat(body().contains("gen_random_uuid()")).isEqualTo(!isNative());
	}

	@Test
	void installedExtensionIsUsedOnAServerWithoutNativeFunction() {
		pretendExtension("Extra Functions");
		migrate();
		assertThat(body()).contains((isNative()) ? "uuidv7()" : "\"Extra Functions\".uuid_generate_v7()");
	}

	@Test
	void extensionInTheSameSchemaIsLeftAlone() {
		pretendExtension("tasker");
		migrate();
		assertThat(body()).contains("'00000000-0000-7000-8000-000000000000'");
	}

	private void migrate() {
		Migrations.flyway(this.database.dataSource(), MigrationSet.TASKER).migrate();
	}

	/**
	 * The server has no pg_uuidv7, but the migration sees nothing of it but this.
	 */
	private void pretendExtension(String schema) {
		this.client.sql("create schema \"%s\"".formatted(schema)).update();
		this.client.sql("""
				create function "%s".uuid_generate_v7() returns uuid language sql volatile strict parallel safe
				as $$ select '00000000-0000-7000-8000-000000000000'::uuid $$
				""".formatted(schema)).update();
		new JdbcTemplate(this.database.superuserDataSource()).execute("""
				set allow_system_table_mods = on;
				insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
				values (16000, 'pg_uuidv7', 'postgres'::regrole, '"%1$s"'::regnamespace, true, '1.6');
				alter extension pg_uuidv7 add function "%1$s".uuid_generate_v7();
				""".formatted(schema));
	}

	private String body() {
		return this.client.sql("select pg_get_functiondef('tasker.uuid_generate_v7()'::regprocedure)")
			.query(String.class)
			.single();
	}

	private static boolean isNative() {
		return TaskerPostgres.shared().version() >= 18;
	}

	private List<UUID> uuids(String sql) {
		return this.client.sql(sql).query(UUID.class).list();
	}

}
