/*
 * Copyright 2026 the Tasker authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package systems.tasker.autoconfigure;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the structure of all modules.
 */
class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("systems.tasker");

	@Test
	void allModulesAreLookedAt() {
		assertThat(classes).extracting(JavaClass::getPackageName)
			.contains("systems.tasker.database", "systems.tasker.messaging.pgmq", "systems.tasker.test",
					"systems.tasker.autoconfigure.database");
	}

	@Test
	void coreKnowsNeitherBootNorFlywayNorResilience4j() {
		noClasses().that()
			.resideInAnyPackage("systems.tasker.database..", "systems.tasker.messaging..", "systems.tasker.messages..",
					"systems.tasker.workflow..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.flywaydb..", "io.github.resilience4j..",
					"systems.tasker.autoconfigure..", "systems.tasker.test..")
			.check(classes);
	}

	@Test
	void autoConfigurationAndTestSupportDoNotKnowEachOther() {
		noClasses().that()
			.resideInAPackage("systems.tasker.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("systems.tasker.test..")
			.check(classes);
		noClasses().that()
			.resideInAPackage("systems.tasker.test..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("systems.tasker.autoconfigure..", "org.springframework.boot..")
			.check(classes);
	}

	@Test
	void packagesAreFreeOfTangles() {
		SlicesRuleDefinition.slices().matching("systems.tasker.(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void autoConfigurationsArePublicFinalAndHaveNoPublicMembers() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould(havePublicMembersOnlyInherited())
			.check(classes);
	}

	@Test
	void everyAutoConfigurationIsRegistered() throws Exception {
		List<String> registered = new String(getClass().getClassLoader()
			.getResourceAsStream("META-INF/spring/" + AutoConfiguration.class.getName() + ".imports")
			.readAllBytes()).lines().toList();
		assertThat(classes.stream().filter((type) -> type.isAnnotatedWith(AutoConfiguration.class)))
			.extracting(JavaClass::getName)
			.containsExactlyInAnyOrderElementsOf(
					registered.stream().filter((name) -> name.startsWith("systems.tasker")).toList());
	}

	@Test
	void conditionsOnClassesAreNotOnBeanMethods() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.notBeAnnotatedWith(ConditionalOnClass.class)
			.andShould()
			.notBePublic()
			.check(classes);
	}

	@Test
	void conditionsArePrivateToTheirPackage() {
		classes().that().implement(Condition.class).should().notBePublic().check(classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(classes.stream().map(JavaClass::getPackage).distinct())
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class));
	}

	private static ArchCondition<JavaClass> havePublicMembersOnlyInherited() {
		return new ArchCondition<>("have no public members but a constructor") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				for (JavaMember member : type.getMembers()) {
					if (member.getModifiers().contains(JavaModifier.PUBLIC)) {
						events.add(SimpleConditionEvent.violated(member, member.getFullName() + " is public"));
					}
				}
			}

		};
	}

}
