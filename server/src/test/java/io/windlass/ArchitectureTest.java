package io.windlass;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Keeps the parts apart, and shows with a sample that breaks every rule that the rules can fail.
 */
final class ArchitectureTest {
  private static final Parts HOUSE = Parts.ofTheHouse("io.windlass");
  private static final Parts SAMPLE = Parts.ofTheHouse("io.windlass.sample");
  private static final JavaClasses HOUSE_CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.windlass");
  private static final JavaClasses SAMPLE_CLASSES =
      new ClassFileImporter().importPackages("io.windlass.sample");

  @Test
  void partsUseEachOtherAlongTheArrowsOnly() {
    HOUSE.arrowsRule().check(HOUSE_CLASSES);
  }

  @Test
  void vendorLibrariesStayWithTheirOwners() {
    HOUSE.ownersRule().check(HOUSE_CLASSES);
  }

  @Test
  void looksAtTheClassesOfEveryModule() {
    var seen = new HashSet<String>();
    HOUSE_CLASSES.forEach(type -> HOUSE.partOf(type).ifPresent(seen::add));
    assertThat(seen).contains("kernel", "engine", "text", "tool").doesNotContain("sample");
  }

  @Test
  void theMapHasNoCycle() {
    for (var part : HOUSE.arrows().keySet()) {
      assertThat(reachableFrom(part)).as("parts that " + part + " reaches").doesNotContain(part);
    }
  }

  @Test
  void seesAPartThatUsesOneAboveIt() {
    assertThat(violations(SAMPLE.arrowsRule())).contains("part kernel must not use part store");
  }

  @Test
  void seesASurfaceThatKnowsAnother() {
    assertThat(violations(SAMPLE.arrowsRule()))
        .contains("part surface.chains must not use part surface.board");
  }

  @Test
  void seesACapabilityThatKnowsASurface() {
    assertThat(violations(SAMPLE.arrowsRule()))
        .contains("part git must not use part surface.board");
  }

  @Test
  void seesAPartThatIsNotOnTheMap() {
    assertThat(violations(SAMPLE.arrowsRule())).contains("part stray is not on the map");
  }

  @Test
  void seesAVendorLibraryOutsideItsOwner() {
    assertThat(violations(SAMPLE.ownersRule()))
        .contains("part kernel must not use org.jdbi", "part git must not use io.javalin")
        .doesNotContain("part store", "part surface");
  }

  private static String violations(ArchRule rule) {
    return String.join("\n", rule.evaluate(SAMPLE_CLASSES).getFailureReport().getDetails());
  }

  private static Set<String> reachableFrom(String part) {
    var reached = new HashSet<String>();
    var next = new HashSet<>(HOUSE.arrows().get(part));
    while (reached.addAll(next)) {
      var further = new HashSet<String>();
      next.forEach(one -> further.addAll(HOUSE.arrows().getOrDefault(one, Set.of())));
      next = further;
    }
    return reached;
  }
}
