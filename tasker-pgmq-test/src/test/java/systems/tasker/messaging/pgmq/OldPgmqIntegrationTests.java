/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqCapabilities.Support;
import systems.tasker.test.OldPgmq;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Old versions of PGMQ are known for what they are.
 */
class OldPgmqIntegrationTests {

	@ParameterizedTest
	@EnumSource
	void areRecognisedAndAcceptedButTheBrokenAndTheFirst(InstallKind kind) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			OldPgmq.installNewest(database, kind);
			step(OldPgmq.V1_10_2, database, kind, "POP_QUANTITY", "NOTIFY_INSERT", "NOTIFY_INSERT_THROTTLE",
					"SET_VT_ARRAY", "READ_GROUPED", "LAST_READ_AT");
			PgmqRequirements.check(connection);
			for (OldPgmq broken : List.of(OldPgmq.V1_10_1, OldPgmq.V1_10_0)) {
				step(broken, database, kind, "POP_QUANTITY", "NOTIFY_INSERT", "NOTIFY_INSERT_THROTTLE", "SET_VT_ARRAY",
						"READ_GROUPED", "LAST_READ_AT");
				assertThat(Assertions.catchThrowableOfType(UnsupportedPgmqException.class,
						() -> PgmqRequirements.check(connection)))
					.hasMessageContaining("PGMQ has functions of 1.10.0 or 1.10.1 (found: " + broken.version(kind));
			}
			step(OldPgmq.V1_9, database, kind, "POP_QUANTITY", "NOTIFY_INSERT", "NOTIFY_INSERT_THROTTLE",
					"SET_VT_ARRAY", "READ_GROUPED");
			PgmqRequirements.check(connection);
			step(OldPgmq.V1_8, database, kind, "POP_QUANTITY", "NOTIFY_INSERT", "NOTIFY_INSERT_THROTTLE",
					"SET_VT_ARRAY");
			PgmqRequirements.check(connection);
			step(OldPgmq.V1_7, database, kind, "POP_QUANTITY", "NOTIFY_INSERT");
			PgmqRequirements.check(connection);
			step(OldPgmq.V1_5_1, database, kind);
			PgmqRequirements.check(connection);
			step(OldPgmq.V1_5_0, database, kind);
			assertThat(Assertions.catchThrowableOfType(UnsupportedPgmqException.class,
					() -> PgmqRequirements.check(connection)))
				.hasMessage("PGMQ 1.5.0 is too old, 1.5.1 is the least");
		}
	}

	private static void step(OldPgmq version, TestDatabase database, InstallKind kind, String... features)
			throws SQLException {
		version.stepBack(database, kind);
		PgmqCapabilities found = PgmqCapabilities.probe(database.dataSource()).orElseThrow();
		assertThat(found.version()).isEqualTo(version.version(kind));
		assertThat(found.installKind()).isEqualTo(kind);
		assertThat(found.support()).isEqualTo(switch (version) {
			case V1_10_1, V1_10_0 -> Support.BROKEN;
			case V1_5_0 -> Support.TOO_OLD;
			default -> Support.SUPPORTED;
		});
		assertThat(found.features()).extracting(PgmqFeature::name).containsExactly(features);
	}

	/*
	 * What makes an old version different for us, so that the contract is worth testing
	 * on it.
	 */
	@Test
	void oldVersionsAreAsOldAsTheySay() {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			OldPgmq.V1_5_1.install(database);
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("select pgmq.create('orders')").query().singleRow();
			assertThat(columns(client, "q_orders")).isEqualTo(columns(client, "message_record"))
				.containsExactlyInAnyOrder("msg_id", "read_ct", "enqueued_at", "vt", "message", "headers");
			assertThat(client.sql("select * from pgmq.send_batch('orders', array[]::jsonb[])").query().listOfRows())
				.isEmpty();
			assertThat(
					client.sql("select * from pgmq.send_batch('orders', '{1, 2}'::jsonb[], array['{}', null]::jsonb[])")
						.query(Long.class)
						.list())
				.containsExactly(1L, 2L);
			assertThat(client.sql("select msg_id from pgmq.read_with_poll('orders', 0, 2)").query(Long.class).set())
				.isEqualTo(Set.of(1L, 2L));
			assertThat(client.sql("select msg_id from pgmq.pop('orders')").query(Long.class).list())
				.containsExactly(1L);
			assertThat(client.sql("""
					select e.extname from pg_depend d join pg_extension e on e.oid = d.refobjid
					where d.objid = 'pgmq.q_orders'::regclass and d.deptype = 'e'
					""").query(String.class).list()).containsExactly("pgmq");
			assertThatException()
				.isThrownBy(() -> client.sql("select pgmq.set_vt('orders', '{2}'::bigint[], 1)").query().listOfRows())
				.havingRootCause()
				.withMessageContaining("does not exist");
			assertThat(client.sql("""
					select p.oid::regprocedure::text from pg_proc p
					where p.pronamespace = 'pgmq'::regnamespace
						and p.prosrc ~ 'last_read_at =|last_read_at TIMESTAMP|acquire_queue_lock|notify_insert_throttle'
					""").query(String.class).list()).isEmpty();
		}
	}

	/*
	 * What the refusal of some and the acceptance of others is about: the column that
	 * upgrades add comes last.
	 */
	@ParameterizedTest
	@EnumSource(names = { "V1_10_2", "V1_10_1", "V1_10_0" })
	void onlyVersionsThatNameColumnsReadTablesFromBeforeTheUpgrade(OldPgmq version) {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase()) {
			version.install(database);
			JdbcClient client = JdbcClient.create(database.dataSource());
			client.sql("select pgmq.create('orders')").query().singleRow();
			client.sql("alter table pgmq.q_orders drop column if exists last_read_at").update();
			client.sql("alter table pgmq.q_orders add column last_read_at timestamptz").update();
			client.sql("select pgmq.send('orders', '1')").query().singleRow();
			for (String read : List.of("pgmq.read('orders', 0, 1)", "pgmq.read_with_poll('orders', 0, 1)",
					"pgmq.set_vt('orders', 1, 0)", "pgmq.set_vt('orders', '{1}'::bigint[], 0)", "pgmq.pop('orders')")) {
				StatementSpec statement = client.sql("select msg_id from " + read);
				if (version == OldPgmq.V1_10_2) {
					assertThat(statement.query(Long.class).list()).as(read).containsExactly(1L);
				}
				else {
					assertThatException().as(read)
						.isThrownBy(() -> statement.query(Long.class).list())
						.havingRootCause()
						.satisfies((ex) -> assertThat(ex.getMessage()).containsPattern(
								"structure of query does not match function result type|invalid input syntax for type timestamp"));
				}
			}
		}
	}

	private static List<String> columns(JdbcClient client, String relation) {
		return client
			.sql("select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 "
					+ "and not attisdropped order by attnum")
			.param("pgmq." + relation)
			.query(String.class)
			.list();
	}

}
