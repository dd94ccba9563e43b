/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of bad input in {@code docs/messaging.md} and the tests agree.
 */
class BadInputDocumentationTests {

	private static final Pattern TEST = Pattern.compile("\\| `(\\w+)\\.(\\w+)` \\|$", Pattern.MULTILINE);

	private final Set<String> documented = documented();

	@Test
	void everyRowNamesATestThatExists() throws IOException {
		assertThat(this.documented).hasSizeGreaterThan(30);
		try (Stream<Path> files = Files.walk(Path.of(".."))) {
			List<Path> sources = files.filter((file) -> file.toString().contains("/src/"))
				.filter((file) -> file.toString().endsWith(".java"))
				.toList();
			assertThat(this.documented).allSatisfy((test) -> assertThat(sources)
				.filteredOn((file) -> file.endsWith(test.substring(0, test.indexOf('.')) + ".java"))
				.singleElement()
				.satisfies(
						(file) -> assertThat(read(file)).contains(" " + test.substring(test.indexOf('.') + 1) + "(")));
		}
	}

	@Test
	void everyTestOfBadInputIsInARow() {
		assertThat(Stream.of(BadArgumentContract.class, BadMessageContract.class)
			.flatMap((group) -> Stream.of(group.getDeclaredMethods()))
			.filter(BadInputDocumentationTests::isTest)
			.map((method) -> method.getDeclaringClass().getSimpleName() + "." + method.getName())).isNotEmpty()
			.isSubsetOf(this.documented);
	}

	private static Set<String> documented() {
		return TEST.matcher(read(Path.of("..", "docs", "messaging.md")))
			.results()
			.map((row) -> row.group(1) + "." + row.group(2))
			.collect(Collectors.toSet());
	}

	private static boolean isTest(Method method) {
		return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class);
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
