/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.migrations.tasker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@InEachTimeZone
class RetryTimeIntegrationTests {

	private final TaskerSession session;

	RetryTimeIntegrationTests(String zone) {
		this.session = TaskerSession.open(zone);
	}

	@AfterEach
	void rollBack() {
		this.session.close();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = {
			// backoff, last attempt, failure, attempts, result
			"30, -10, -, 1, 20", "0, 0, -, 1, 0", "-5, 0, -, 1, -5", "30, -10, 0, 5, 20",
			// no backoff: doubles with each attempt, up to a minute
			"-, -, 0, 0, 1", "-, -, 0, 1, 2", "-, -, 0, -, 2", "-, -, 0, 3, 8", "-, -, 0, 5, 32", "-, -, 0, 6, 60",
			"-, -10, -1, 1, 1", "-, -, 0, 500000, 60", "-, -, 0, 2147483647, 60",
			// a backoff counts only with the time of an attempt
			"30, -, 0, 2, 4", "30, -, -, 2, -",
			// nothing asks for a pause
			"-, -, -, 2, -", "-, -10, -, 2, -" })
	void retryTime(Integer backoff, Integer lastAttempt, Integer failure, Integer attempts, String expected) {
		assertThat(this.session.row(
				"""
						select test.seconds(tasker.calculate_step_next_retry_time(?::int, test.at(?::int), test.at(?::int), ?::int))
						""",
				backoff, lastAttempt, failure, attempts))
			.isEqualTo((expected != null) ? expected : "-");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "3, 100, 3, 27", "1, 60, 1.5, 1.5", "3, 5, 2, 5", "2, 60, 1.5, 2.25",
			// up to the cap, and no further
			"6, 63, 2, 63", "6, 64, 2, 64", "6, 65, 2, 64", "-, 1, 2, 1", "-, 3, 2, 2",
			// no number holds the power
			"500000, 2147483647, 1.1, 2147483647", "500000, 0, 2, 0", "500000, -5, 2, -5",
			// growth is not a must, nor is a cap
			"500000, 60, 1, 1", "2, 60, 0.5, 0.25", "2, 60, 0, 0", "-1, 60, 2, 0.5", "3, -, 2, 8",
			// less than a microsecond, and less than a double holds
			"21, 60, 0.5, 0", "2000, 60, 0.5, 0", "2000, -, 0.5, 0", "-2000, 60, 2, 0", "200000, 60, 0.5, 0",
			// growth backwards
			"-2147483648, 60, 0.5, 60" })
	void retryTimeWithCapAndMultiplier(Integer attempts, Integer cap, double multiplier, String expected) {
		assertThat(this.session.row("""
				select test.seconds(tasker.calculate_step_next_retry_time(
				    null, null, test.at(0), ?::int, ?::int, ?::numeric))
				""", attempts, cap, multiplier)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "2000000000, 22003", "2000, 22003", "100, 22008" })
	void pauseWithoutCapThatIsTooLongIsAnError(Integer attempts, String expected) {
		assertThat(this.session.error("""
				select tasker.calculate_step_next_retry_time(null, null, test.at(0), ?::int, null, 2.0)
				""", attempts).getSQLState()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "pending, f, f, t, t, -, t", "waiting_for_retry, f, f, t, t, -, t", "-, f, f, t, t, -, t",
					"pending, -, -, t, t, -, t", "pending, t, f, t, t, -, f", "pending, f, t, t, t, -, f",
					"pending, f, f, f, t, -, f", "pending, f, f, t, f, -, f",
					// the moment itself is in time
					"pending, f, f, t, t, 0, t", "pending, f, f, t, t, -1, t", "pending, f, f, t, t, 0.000001, f",
					// an answer that is missing is missing in the result, unless another
					// one says no
					"pending, f, f, -, t, -, -", "pending, f, f, -, f, -, f", "pending, t, f, -, t, -, f",
					// all other states
					"enqueued, f, f, t, t, -, f", "in_progress, f, f, t, t, -, f",
					"enqueued_for_orchestration, f, f, t, t, -, f",
					"enqueued_as_error_for_orchestration, f, f, t, t, -, f", "complete, f, f, t, t, -, f",
					"error, f, f, t, t, -, f", "cancelled, f, f, t, t, -, f", "resolved_manually, f, f, t, t, -, f" })
	void readiness(String state, String processed, String inProcess, String dependencies, String eligible,
			String retryAt, String expected) {
		for (String retryable : new String[] { "t", "f", null }) {
			assertThat(this.session.row("""
					select tasker.evaluate_step_state_readiness(
					    ?, ?::boolean, ?::boolean, ?::boolean, ?::boolean, ?::boolean, test.at(?::numeric))
					""", state, processed, inProcess, dependencies, eligible, retryable, retryAt))
				.isEqualTo((expected != null) ? expected : "-");
		}
	}

}
