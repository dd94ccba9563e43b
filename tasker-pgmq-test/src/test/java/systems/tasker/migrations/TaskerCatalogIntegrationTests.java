/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import systems.tasker.database.MigrationSet;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the migrated database with {@code tasker-catalog.json}, the contract with
 * other implementations of Tasker. Beside it there are the history of Flyway and
 * {@code state_edges}, whose rows are in the catalogue.
 */
class TaskerCatalogIntegrationTests {

	private static final JsonMapper mapper = new JsonMapper();

	private static Catalog catalog;

	private static TestDatabase database;

	private static SingleConnectionDataSource connection;

	private static JdbcClient client;

	@BeforeAll
	static void migrate() throws IOException {
		try (InputStream json = TaskerCatalogIntegrationTests.class.getResourceAsStream("tasker-catalog.json")) {
			catalog = mapper.readValue(json, Catalog.class);
		}
		database = TaskerPostgres.shared().createEmptyDatabase();
		Migrations.flyway(database.dataSource(), MigrationSet.TASKER).migrate();
		connection = new SingleConnectionDataSource(database.jdbcUrl(), database.username(), database.password(), true);
		client = JdbcClient.create(connection);
		// PostgreSQL then prints the schema of everything that is not its own.
		client.sql("set search_path = ''").update();
	}

	@AfterAll
	static void drop() {
		connection.destroy();
		database.close();
	}

	static Iterable<String> tables() {
		return catalog.tables().keySet();
	}

	static Iterable<String> views() {
		return catalog.views().keySet();
	}

	@ParameterizedTest
	@MethodSource("tables")
	void columnsAreThoseOfTheCatalog(String table) {
		assertThat(rows("""
				select jsonb_build_object(
				    'ordinal', a.attnum,
				    'name', a.attname,
				    'type', format_type(a.atttypid, a.atttypmod),
				    'nullable', not a.attnotnull,
				    'default', pg_get_expr(d.adbin, d.adrelid),
				    'identity', case a.attidentity when 'd' then 'BY DEFAULT' when 'a' then 'ALWAYS' end)
				from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
				where a.attrelid = ?::regclass and a.attnum > 0
				order by a.attnum
				""", table)).containsExactlyElementsOf(catalog.tables().get(table).columns());
	}

	@ParameterizedTest
	@MethodSource("tables")
	void constraintsAreThoseOfTheCatalog(String table) {
		// A NOT NULL, a constraint of its own since PostgreSQL 18, is compared with the
		// columns.
		assertThat(rows("""
				select jsonb_build_object(
				    'name', k.conname,
				    'type', case k.contype
				        when 'p' then 'PRIMARY KEY' when 'u' then 'UNIQUE' when 'f' then 'FOREIGN KEY'
				        when 'c' then 'CHECK' else k.contype::text end,
				    'definition', case when k.contype <> 'c' then k.text end,
				    'check', case when k.contype = 'c' then jsonb_build_object(
				        'column', (
				            select string_agg(a.attname, ', ') from pg_attribute a
				            where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
				        'values', (
				            select jsonb_agg(literal[1]) from regexp_matches(k.text, '''([^'']*)''', 'g') literal),
				        'null_allowed', k.text like '%IS NULL%') end)
				from (select *, pg_get_constraintdef(oid) as text from pg_constraint) k
				where k.conrelid = ?::regclass and k.contype <> 'n'
				""", table)).containsExactlyInAnyOrderElementsOf(catalog.tables().get(table).constraints());
	}

	@ParameterizedTest
	@MethodSource("tables")
	void indexesAreThoseOfTheCatalog(String table) {
		assertThat(rows("""
				select jsonb_build_object(
				    'name', c.relname,
				    'unique', i.indisunique,
				    'primary', i.indisprimary,
				    'method', am.amname,
				    'key_columns', (
				        select jsonb_agg(pg_get_indexdef(c.oid, n, true)
				            || case i.indoption[n - 1] & 3 when 0 then '' when 3 then ' DESC' else ' ?' end order by n)
				        from generate_series(1, i.indnkeyatts) n),
				    'include_columns', coalesce((
				        select jsonb_agg(pg_get_indexdef(c.oid, n, true) order by n)
				        from generate_series(i.indnkeyatts + 1, i.indnatts) n), '[]'),
				    'opclasses', (
				        select jsonb_agg(o.opcname order by n)
				        from generate_series(1, i.indnkeyatts) n join pg_opclass o on o.oid = i.indclass[n - 1]),
				    'predicate', pg_get_expr(i.indpred, i.indrelid, true),
				    'backs_constraint', (
				        select k.conname from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u')))
				from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
				where i.indrelid = ?::regclass
				""", table)).containsExactlyInAnyOrderElementsOf(catalog.tables().get(table).indexes());
	}

	@Test
	void enumsAreThoseOfTheCatalog() {
		assertThat(rows("""
				select jsonb_build_object('type', format_type(e.enumtypid, null),
				    'labels', jsonb_agg(e.enumlabel order by e.enumsortorder))
				from pg_enum e group by e.enumtypid
				""")).containsExactlyInAnyOrderElementsOf(catalog.enums()
			.entrySet()
			.stream()
			.map((type) -> Map.<String, Object>of("type", type.getKey(), "labels", type.getValue()))
			.toList());
	}

	@ParameterizedTest
	@MethodSource("tables")
	void triggersAreThoseOfTheCatalog(String table) {
		assertThat(rows("""
				select jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid))
				from pg_trigger t where t.tgrelid = ?::regclass and not t.tgisinternal
				""", table)).containsExactlyInAnyOrderElementsOf(catalog.tables().get(table).triggers());
	}

	@ParameterizedTest
	@MethodSource("views")
	void viewIsThatOfTheCatalog(String view) {
		assertThat(rows("""
				select jsonb_build_object(
				    'ordinal', a.attnum, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
				from pg_attribute a
				where a.attrelid = ?::regclass and a.attnum > 0
				order by a.attnum
				""", view)).containsExactlyElementsOf(catalog.views().get(view).columns());
	}

	@Test
	void functionsAreThoseOfTheCatalogAndTheMatrix() {
		assertThat(
				rows("""
						select jsonb_build_object(
						    'name', p.proname,
						    'arguments', coalesce((
						        select jsonb_agg(jsonb_build_object(
						            'name', p.proargnames[n],
						            'type', format_type(p.proargtypes[n - 1], null),
						            'default', pg_get_function_arg_default(p.oid, n)) order by n)
						        from generate_series(1, p.pronargs) n), '[]'),
						    'result', pg_get_function_result(p.oid),
						    'returns_set', p.proretset,
						    'result_columns', coalesce((
						        select jsonb_agg(jsonb_build_object(
						            'name', p.proargnames[n], 'type', format_type(p.proallargtypes[n], null)) order by n)
						        from generate_subscripts(p.proallargtypes, 1) n where p.proargmodes[n] = 't'), '[]'),
						    'volatility', case p.provolatile when 'v' then 'VOLATILE' when 's' then 'STABLE' else 'IMMUTABLE' end,
						    'parallel', case p.proparallel when 's' then 'SAFE' when 'u' then 'UNSAFE' else 'RESTRICTED' end,
						    'strict', p.proisstrict,
						    'security_definer', p.prosecdef)
						from pg_proc p
						where p.pronamespace = 'tasker'::regnamespace and p.proname <> 'state_edges'
						"""))
			.containsExactlyInAnyOrderElementsOf(catalog.functions());
	}

	@Test
	void matrixIsThatOfTheCatalog() {
		List<Map<String, Object>> edges = new ArrayList<>();
		catalog.stateEdges()
			.forEach((machine, pairs) -> pairs.forEach((pair) -> edges
				.add(Map.of("machine", machine, "from_state", pair.get(0), "to_state", pair.get(1)))));
		assertThat(rows("select to_jsonb(e) from tasker.state_edges() e")).containsExactlyInAnyOrderElementsOf(edges);
	}

	@Test
	void numbersAreThoseOfTheCatalog() {
		assertThat(rows("""
				select jsonb_build_object(
				    'enums', (select count(*) from pg_type where typnamespace = s and typtype = 'e'),
				    'tables', count(*) filter (where c.relkind = 'r'),
				    'columns', (
				        select count(*) from pg_attribute a
				        where a.attrelid = any (array_agg(c.oid) filter (where c.relkind = 'r')) and a.attnum > 0),
				    'constraints', (select count(*) from pg_constraint where connamespace = s and contype <> 'n')
				        - 1 /* the key of the history */,
				    'indexes', count(*) filter (where c.relkind = 'i') - 2,
				    'triggers', (
				        select count(*) from pg_trigger t
				        where t.tgrelid = any (array_agg(c.oid)) and not t.tgisinternal),
				    'views', count(*) filter (where c.relkind = 'v'),
				    'functions', (select count(*) from pg_proc where pronamespace = s and proname <> 'state_edges'),
				    'task_edges', (select count(*) from tasker.state_edges() where machine = 'task'),
				    'step_edges', (select count(*) from tasker.state_edges() where machine = 'step'))
				from pg_class c cross join (select 'tasker'::regnamespace as s) n
				where c.relnamespace = s and c.relname <> 'tasker_schema_history'
				group by s
				""")).containsExactly(catalog.counts());
	}

	@Test
	void schemaHoldsNothingElse() {
		List<String> objects = client.sql("""
				select o.identity
				from pg_depend d cross join pg_identify_object(d.classid, d.objid, d.objsubid) o
				where d.refclassid = 'pg_namespace'::regclass and d.refobjid = 'tasker'::regnamespace
				    -- not what belongs to another object, such as the sequence of a column
				    and not exists (
				        select from pg_depend i
				        where i.classid = d.classid and i.objid = d.objid and i.deptype = 'i')
				    and d.classid <> 'pg_proc'::regclass
				union all
				select 'function ' || p.proname from pg_proc p where p.pronamespace = 'tasker'::regnamespace
				""").query(String.class).list();
		// All that is allowed beside the catalogue.
		List<String> expected = new ArrayList<>(List.of("tasker.tasker_schema_history", "function state_edges"));
		expected.addAll(catalog.tables().keySet());
		expected.addAll(catalog.views().keySet());
		expected.addAll(catalog.enums().keySet());
		catalog.functions().forEach((function) -> expected.add("function " + function.get("name")));
		assertThat(objects).containsExactlyInAnyOrderElementsOf(expected);
	}

	private static List<Map<String, Object>> rows(String sql, Object... parameters) {
		return client.sql(sql)
			.params(parameters)
			.query(String.class)
			.list()
			.stream()
			.map((json) -> mapper.readValue(json, new TypeReference<Map<String, Object>>() {
			}))
			.toList();
	}

	record Catalog(Map<String, Object> counts, Map<String, List<String>> enums, Map<String, Table> tables,
			Map<String, View> views, List<Map<String, Object>> functions,
			@JsonProperty("state_edges") Map<String, List<List<String>>> stateEdges) {
	}

	record Table(List<Map<String, Object>> columns, List<Map<String, Object>> constraints,
			List<Map<String, Object>> indexes, List<Map<String, Object>> triggers) {
	}

	record View(List<Map<String, Object>> columns) {
	}

}
