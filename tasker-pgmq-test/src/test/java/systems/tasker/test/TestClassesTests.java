/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.test;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

/**
 * Tests for the tests.
 */
class TestClassesTests {

	/**
	 * The mutation tests run a class several times in one process. What a static
	 * initializer made is closed by the second time, and every mutant would seem to be
	 * noticed.
	 */
	@Test
	void whatIsClosedAfterTheLastTestOfAClassIsMadeBeforeItsFirst() {
		fields().that()
			.areStatic()
			.and()
			.areAnnotatedWith(AutoClose.class)
			.should()
			.notBeFinal()
			.check(new ClassFileImporter().importPackages("systems.tasker"));
	}

}
