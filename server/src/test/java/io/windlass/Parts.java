package io.windlass;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The map of the house: which part may use which, and who owns which vendor library.
 *
 * @param root the package that all parts lie under
 * @param arrows for each part the parts it may use
 * @param owners for each vendor package the parts that may use it; {@code surface} stands for all
 */
record Parts(String root, Map<String, Set<String>> arrows, Map<String, Set<String>> owners) {
  private static final Set<String> STORES =
      Set.of(
          "store",
          "definition",
          "journal",
          "approval",
          "schedule",
          "execution",
          "engine",
          "budget",
          "cache",
          "generation",
          "memory",
          "account");

  /** The map that the project keeps; a new part or arrow is an entry here, seen in review. */
  static Parts ofTheHouse(String root) {
    var arrows = new HashMap<String, Set<String>>();
    arrows.put("kernel", Set.of());
    arrows.put("store", Set.of("kernel"));
    arrows.put("step", Set.of("kernel"));
    arrows.put("definition", Set.of("kernel", "store", "step"));
    arrows.put("journal", Set.of("kernel", "store", "step"));
    arrows.put("approval", Set.of("kernel", "store", "step"));
    arrows.put("schedule", Set.of("kernel", "store"));
    arrows.put("execution", union(arrows.keySet(), "kernel"));
    arrows.put("engine", union(arrows.keySet(), "execution"));
    var engine = union(arrows.keySet(), "engine");

    arrows.put("text", Set.of("kernel", "step"));
    arrows.put("tool", Set.of("kernel", "step", "text"));
    arrows.put("process", Set.of());
    var base = Set.of("kernel", "step", "definition", "text", "tool", "process");
    for (var capability :
        Set.of(
            "chain",
            "model",
            "mcp",
            "workspace",
            "git",
            "shell",
            "web",
            "browser",
            "desktop",
            "notify",
            "syntax",
            "sql",
            "coding")) {
      arrows.put(capability, base);
    }
    arrows.put("agent", union(base, "model"));
    arrows.put("browser", union(base, "model"));
    arrows.put("generation", union(base, "model", "store"));
    arrows.put("budget", union(base, "model", "store"));
    arrows.put("graph", union(base, "chain"));
    arrows.put("workflow", union(base, "chain"));
    arrows.put("image", union(base, "model"));
    arrows.put("cache", union(base, "store"));
    arrows.put("memory", union(base, "store"));

    arrows.put("http", Set.of("kernel"));
    arrows.put("account", Set.of("kernel", "store"));
    var surface = new TreeSet<>(engine);
    surface.remove("store");
    surface.addAll(Set.of("http", "account"));
    arrows.put(
        "surface.chains",
        union(surface, "chain", "text", "tool", "model", "generation", "workspace"));
    arrows.put("surface.unified", union(surface, "chain", "tool", "model", "budget"));
    arrows.put(
        "surface.compute",
        union(surface, "chain", "graph", "workflow", "mcp", "workspace", "tool"));
    arrows.put("surface.operator", surface);
    arrows.put("surface.board", surface);
    arrows.put("surface.command", surface);
    arrows.put("app", union(arrows.keySet()));

    return new Parts(
        root,
        arrows,
        Map.ofEntries(
            Map.entry("io.javalin", Set.of("http", "surface")),
            Map.entry("org.eclipse.jetty", Set.of("http", "surface")),
            Map.entry("jakarta.servlet", Set.of("http", "surface")),
            Map.entry("io.socket", Set.of("surface")),
            Map.entry("org.json", Set.of("surface")),
            Map.entry("io.github.bucket4j", Set.of("surface")),
            Map.entry("dev.langchain4j", Set.of("model")),
            Map.entry("com.openai", Set.of("model")),
            Map.entry("io.modelcontextprotocol", Set.of("mcp", "surface.unified")),
            Map.entry("reactor", Set.of("mcp", "surface.unified")),
            Map.entry("com.microsoft.playwright", Set.of("browser")),
            Map.entry("org.commonmark", Set.of("browser")),
            Map.entry("org.treesitter", Set.of("syntax")),
            Map.entry("jakarta.mail", Set.of("notify")),
            Map.entry("org.jdbi", STORES),
            Map.entry("com.zaxxer.hikari", Set.of("store")),
            Map.entry("org.flywaydb", Set.of("store")),
            Map.entry("org.sqlite", Set.of("store")),
            Map.entry("org.postgresql", Set.of("store", "journal")),
            Map.entry("com.github.kagkarlsson", Set.of("schedule")),
            Map.entry("com.cronutils", Set.of("schedule")),
            Map.entry("ch.qos.logback", Set.of("app")),
            Map.entry("com.networknt", Set.of("tool", "agent", "graph", "workflow")),
            Map.entry("picocli", Set.of()),
            Map.entry("com.fasterxml.jackson.core", Set.of()),
            Map.entry("com.fasterxml.jackson.databind", Set.of())));
  }

  private static Set<String> union(Set<String> parts, String... more) {
    var all = new TreeSet<>(parts);
    all.addAll(Set.of(more));
    return all;
  }

  /** Every class lies in a known part and uses other parts along the arrows only. */
  ArchRule arrowsRule() {
    return rule(
        "use other parts along the arrows only",
        (used, events) -> {
          var from = partOf(used.getOriginClass()).orElseThrow();
          var to = partOf(used.getTargetClass().getBaseComponentType());
          var allowed = arrows.get(from);
          if (allowed == null) {
            events.add(violation(used, "part " + from + " is not on the map"));
          } else if (to.isPresent() && !to.get().equals(from) && !allowed.contains(to.get())) {
            events.add(violation(used, "part " + from + " must not use part " + to.get()));
          }
        });
  }

  /** Each vendor library is used by its owners only. */
  ArchRule ownersRule() {
    return rule(
        "leave vendor libraries to their owners",
        (used, events) -> {
          var from = partOf(used.getOriginClass()).orElseThrow();
          var target = used.getTargetClass().getBaseComponentType().getName();
          owners.forEach((vendor, parts) -> {
            if (target.startsWith(vendor + ".")
                && !parts.contains(from)
                && !parts.contains(from.replaceFirst("\\..*", ""))) {
              events.add(violation(used, "part " + from + " must not use " + vendor));
            }
          });
        });
  }

  /** The part a class belongs to: its first package under the root, two for surfaces. */
  Optional<String> partOf(JavaClass type) {
    var name = type.getPackageName();
    if (!name.startsWith(root + ".")) {
      return Optional.empty();
    }
    var steps = name.substring(root.length() + 1).split("\\.");
    return Optional.of(
        steps[0].equals("surface") && steps.length > 1 ? "surface." + steps[1] : steps[0]);
  }

  private ArchRule rule(String words, BiConsumer<Dependency, ConditionEvents> check) {
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(root + ".*..")
        .should(
            new ArchCondition<JavaClass>(words) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(used -> check.accept(used, events));
              }
            });
  }

  private static ConditionEvent violation(Dependency used, String words) {
    return SimpleConditionEvent.violated(used, words + ": " + used.getDescription());
  }
}
