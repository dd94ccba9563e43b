/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PostgresBinariesTests {

	@TempDir
	private Path folder;

	@Test
	void findsTheEntryOfThePlatform() throws IOException {
		Path jar = jarWith("postgres-linux-x86_64.txz", "postgres-linux-arm_64.txz");
		assertThat(read(jar, "Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
		assertThat(read(jar, "Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
	}

	@Test
	void armMachinesFallBackToEmulationExceptOnLinux() throws IOException {
		Path jar = jarWith("postgres-darwin-x86_64.txz", "postgres-windows-x86_64.txz", "postgres-linux-x86_64.txz");
		assertThat(read(jar, "Darwin", "aarch64")).isEqualTo("postgres-darwin-x86_64.txz");
		assertThat(read(jar, "Windows", "aarch64")).isEqualTo("postgres-windows-x86_64.txz");
		assertThatIllegalStateException().isThrownBy(() -> read(jar, "Linux", "aarch64"));
	}

	@Test
	void missingEntryIsNamedWithItsJar() throws IOException {
		Path jar = jarWith("postgres-darwin-x86_64.txz");
		assertThatIllegalStateException().isThrownBy(() -> read(jar, "Linux", "amd64"))
			.withMessageContaining(jar.toString())
			.withMessageContaining("postgres-linux-x86_64.txz");
	}

	@Test
	void missingEntryEndsTheStartWithTheSameWords() throws IOException {
		Path jar = jarWith();
		assertThatIllegalStateException().isThrownBy(() -> TaskerPostgres.builder().binaries(jar).start())
			.withMessageContaining(jar.toString())
			.withMessageContaining(".txz");
	}

	@Test
	void missingJarIsNamed() {
		Path jar = this.folder.resolve("missing.jar");
		assertThatIllegalStateException().isThrownBy(() -> read(jar, "Linux", "amd64"))
			.withMessageContaining(jar.toString());
	}

	@Test
	void missingPlatformOnTheClassPathIsNamed() {
		PostgresBinaries binaries = new PostgresBinaries(null, "plain");
		assertThatIllegalStateException().isThrownBy(() -> binaries.getPgBinary("Linux", "s390x"))
			.withMessageContaining("the class path")
			.withMessageContaining("postgres-linux-s390_64.txz");
	}

	@Test
	void serversWithAndWithoutExtensionDoNotShareAFolder() {
		assertThat(new PostgresBinaries(null, "plain").workingDirectory())
			.isNotEqualTo(new PostgresBinaries(null, "pgmq-1").workingDirectory());
	}

	private Path jarWith(String... entries) throws IOException {
		Path jar = this.folder.resolve("binaries.jar");
		try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(file)) {
			zip.putNextEntry(new ZipEntry("META-INF/"));
			for (String entry : entries) {
				zip.putNextEntry(new ZipEntry(entry));
				zip.write(entry.getBytes());
			}
		}
		return jar;
	}

	private static String read(Path jar, String system, String architecture) throws IOException {
		try (InputStream content = new PostgresBinaries(jar, "plain").getPgBinary(system, architecture)) {
			return new String(content.readAllBytes());
		}
	}

}
