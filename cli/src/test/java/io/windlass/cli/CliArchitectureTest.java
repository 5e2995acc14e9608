package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.assertj.core.api.AbstractAssert;
import org.junit.jupiter.api.Test;

/** The commands know the server over HTTP only: nothing but the JDK, picocli and Jackson. */
final class CliArchitectureTest {
  private static final ArchRule RULE =
      ArchRuleDefinition.classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.windlass.cli..",
              "java..",
              "sun.misc..",
              "picocli..",
              "tools.jackson..",
              "com.fasterxml.jackson.annotation..",
              "org.jspecify.annotations..")
          .allowEmptyShould(true);

  /** Breaks the rule. */
  record KnowsAnotherLibrary(AbstractAssert<?, ?> used) {}

  @Test
  void knowsNothingButTheJdkPicocliAndJackson() {
    RULE.check(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.windlass.cli"));
  }

  @Test
  void seesAnotherLibrary() {
    var sample = new ClassFileImporter().importClasses(KnowsAnotherLibrary.class);
    assertThat(RULE.evaluate(sample).hasViolation()).isTrue();
  }
}
