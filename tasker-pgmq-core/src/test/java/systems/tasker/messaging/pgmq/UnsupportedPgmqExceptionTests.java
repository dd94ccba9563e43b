/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnsupportedPgmqExceptionTests {

	@Test
	void showsTheFirstProblemsAndACureThatCanBeRun() {
		UnsupportedPgmqException refusal = refusal(7);
		assertThat(refusal).hasMessage("wrong 1; wrong 2; wrong 3; wrong 4; wrong 5; and 2 more");
		assertThat(refusal.cure()).isEqualTo("cure 1; cure 2; cure 3; cure 4; cure 5");
	}

	@Test
	void showsAFewProblemsInFull() {
		assertThat(refusal(5)).hasMessage("wrong 1; wrong 2; wrong 3; wrong 4; wrong 5");
		assertThat(refusal(5).cure()).isEqualTo("cure 1; cure 2; cure 3; cure 4; cure 5");
	}

	private static UnsupportedPgmqException refusal(int problems) {
		List<UnsupportedPgmqException.Problem> all = IntStream.rangeClosed(1, problems)
			.mapToObj((problem) -> new UnsupportedPgmqException.Problem("wrong " + problem, "cure " + problem))
			.toList();
		return new UnsupportedPgmqException(all);
	}

}
