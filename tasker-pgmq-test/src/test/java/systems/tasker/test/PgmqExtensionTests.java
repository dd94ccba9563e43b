/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PgmqExtensionTests {

	private final PgmqExtension extension = PgmqExtension.fromClassPath();

	@TempDir
	private Path share;

	@Test
	void copiesExactlyTheFilesOfTheDefaultVersion() throws IOException {
		Path target = Files.createDirectory(this.share.resolve("extension"));
		this.extension.copyTo(this.share);
		assertThat(target.resolve("pgmq.control")).content()
			.contains("default_version = '%s'".formatted(this.extension.version()));
		assertThat(target.resolve("pgmq--%s.sql".formatted(this.extension.version()))).isNotEmptyFile();
		assertThat(target).isDirectoryNotContaining("glob:**.tmp");
	}

	@Test
	void leavesFilesAloneThatAreTheSameAndRepairsOthers() throws IOException {
		Path target = Files.createDirectory(this.share.resolve("extension"));
		this.extension.copyTo(this.share);
		Path control = target.resolve("pgmq.control");
		Path script = target.resolve("pgmq--%s.sql".formatted(this.extension.version()));
		FileTime longAgo = FileTime.fromMillis(1_000);
		Files.setLastModifiedTime(control, longAgo);
		Files.writeString(script, "half a file");
		this.extension.copyTo(this.share);
		assertThat(Files.getLastModifiedTime(control)).isEqualTo(longAgo);
		assertThat(script).content().isNotEqualTo("half a file");
		assertThat(target).isDirectoryNotContaining("glob:**.tmp");
	}

}
