/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The genuine PGMQ extension, as {@code tasker-pgmq-migrations} carries it.
 *
 * @param version the version the control file installs
 */
record PgmqExtension(String version) {

	private static final String CONTROL_FILE = "pgmq.control";

	private static final Pattern DEFAULT_VERSION = Pattern.compile("(?m)^default_version *= *'([^']+)'");

	static PgmqExtension fromClassPath() {
		String control = new String(read(CONTROL_FILE), StandardCharsets.UTF_8);
		Matcher version = DEFAULT_VERSION.matcher(control);
		if (!version.find()) {
			throw new IllegalStateException(CONTROL_FILE + " names no default_version");
		}
		return new PgmqExtension(version.group(1));
	}

	/**
	 * Make the extension available to the servers that run from an unpacked folder.
	 * @param share the server's {@code SHAREDIR}
	 */
	void copyTo(Path share) {
		Path target = share.resolve("extension");
		// The control file comes last: with it the extension is available.
		copy("pgmq--%s.sql".formatted(this.version), target);
		copy(CONTROL_FILE, target);
	}

	private static void copy(String file, Path folder) {
		try {
			Path target = folder.resolve(file);
			Path temporary = Files.createTempFile(folder, file, ".tmp");
			try {
				Files.write(temporary, read(file));
				// Another JVM may be reading the file: never replace it without need, nor
				// write into it.
				if (!Files.exists(target) || Files.mismatch(temporary, target) != -1) {
					Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
				}
			}
			finally {
				Files.deleteIfExists(temporary);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot add %s to %s".formatted(file, folder), ex);
		}
	}

	private static byte[] read(String file) {
		String resource = "tasker/pgmq-extension/" + file;
		try (InputStream content = PgmqExtension.class.getClassLoader().getResourceAsStream(resource)) {
			if (content == null) {
				throw new IllegalStateException(
						"%s is not on the class path, it is part of tasker-pgmq-migrations".formatted(resource));
			}
			return content.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read " + resource, ex);
		}
	}

}
