/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.messaging.pgmq;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InstallTargetTests {

	@ParameterizedTest
	@ValueSource(strings = { "0.33.1", "1.4.4", "1.4.10", "1.5", "1.5.0", "1.10.0", "1.10.1", "1.10" })
	void versionThatCannotBeUsedIsNotCreated(String version) {
		InstallTarget target = target(version);
		assertThat(target.hasUsableExtension()).isFalse();
		assertThatExceptionOfType(PgmqInstallationException.class).isThrownBy(target::requireExtension)
			.withMessageContainingAll("\"app\"", "\"orders\"", version, "1.5.1", "tasker.pgmq-database.install");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.5.1", "1.6.0", "1.9.0", "1.10.2", "1.10.10", "1.11.0", "1.11.1", "1.100.0", "1.13",
			"2.0.0", "1.12.0-beta", "next" })
	void otherVersionsAreCreated(String version) {
		InstallTarget target = target(version);
		assertThat(target.hasUsableExtension()).isTrue();
		target.requireExtension();
	}

	@Test
	void serverWithoutFilesHasNone() {
		assertThat(target(null).hasUsableExtension()).isFalse();
		assertThatExceptionOfType(PgmqInstallationException.class).isThrownBy(target(null)::requireExtension)
			.withMessageContaining("does not have the files");
	}

	private static InstallTarget target(String version) {
		return new InstallTarget("app", "orders", true, version);
	}

}
