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

import systems.tasker.messaging.pgmq.PgmqCapabilities.InstallKind;
import systems.tasker.messaging.pgmq.PgmqCapabilities.Support;
import systems.tasker.test.TaskerPostgres;
import systems.tasker.test.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Old versions of PGMQ are known for what they are.
 */
class OldPgmqIntegrationTests {

	/*
	 * There are 1.10.0 and 1.10.1, after which comes 1.11.0. Only upgrades break them,
	 * but not all traces of an upgrade are in the functions.
	 */
	@ParameterizedTest
	@EnumSource
	void areRecognisedAndAcceptedBut1x10And1x5x0(InstallKind kind) throws SQLException {
		try (TestDatabase database = TaskerPostgres.shared().createEmptyDatabase();
				Connection connection = database.dataSource().getConnection()) {
			OldPgmq.installNewest(database, kind);
			step(OldPgmq.V1_10, database, kind, "POP_QUANTITY", "NOTIFY_INSERT", "NOTIFY_INSERT_THROTTLE",
					"SET_VT_ARRAY", "READ_GROUPED", "LAST_READ_AT");
			assertThat(Assertions.catchThrowableOfType(UnsupportedPgmqException.class,
					() -> PgmqRequirements.check(connection)))
				.hasMessageContaining("PGMQ 1.10");
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
			case V1_10 -> Support.BROKEN;
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

	private static List<String> columns(JdbcClient client, String relation) {
		return client
			.sql("select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 "
					+ "and not attisdropped order by attnum")
			.param("pgmq." + relation)
			.query(String.class)
			.list();
	}

}
