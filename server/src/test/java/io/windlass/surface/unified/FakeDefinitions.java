package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Definitions;
import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Outline;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Definitions in memory, of kinds whose documents are broken when they say so. */
final class FakeDefinitions implements Definitions {
  private final List<Definition> versions = new ArrayList<>();

  /** A document is broken when it holds {@code broken}, and warned of when it holds {@code odd}. */
  private record ToyKind(String name) implements DefinitionKind {
    @Override
    public String publicIdPrefix() {
      return name.equals("pipeline") ? "pip_" : "";
    }

    @Override
    public Outline outline(String name, String source) {
      if (source.contains("broken")) {
        throw new WindlassException(
            ErrorCode.INVALID_DEFINITION,
            "Invalid " + this.name + " \"" + name + "\":\nsteps.0.id: Required\noutput: Required");
      }
      return new Outline(name, "A toy", "1.0", 1, List.of());
    }

    @Override
    public List<Finding> lint(String name, String source) {
      List<Finding> findings = new ArrayList<>();
      if (source.contains("broken")) {
        findings.add(new Finding("steps.0.id", "Required", true));
      }
      if (source.contains("odd")) {
        findings.add(new Finding("odd", "is no known field", false));
      }
      return findings;
    }

    @Override
    public Flow compile(String name, String source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public State begin(String name, String source, ObjectNode input) {
      return State.EMPTY;
    }
  }

  @Override
  public Definition importBroken(String kind, String name, String fault) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized Definition save(String kind, String name, String source) {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new WindlassException(ErrorCode.INVALID_NAME, "Invalid name '" + name + "'");
    }
    Outline outline = kind(kind).outline(name, source);
    Optional<Definition> last = find(kind, name);
    if (last.isPresent() && last.get().source().equals(source)) {
      return last.get();
    }
    int version = last.map(Definition::version).orElse(0) + 1;
    Definition saved =
        new Definition(
            UUID.randomUUID(), kind, name, version, source, outline, null, Instant.now());
    versions.add(saved);
    return saved;
  }

  @Override
  public Definition importSource(String kind, String name, String source) {
    return save(kind, name, source);
  }

  @Override
  public synchronized Optional<Definition> find(String kind, String name) {
    return versions(kind, name).stream().findFirst();
  }

  @Override
  public synchronized Optional<Definition> version(UUID versionId) {
    return versions.stream().filter(one -> one.versionId().equals(versionId)).findFirst();
  }

  @Override
  public synchronized List<Definition> list(String kind) {
    TreeMap<String, Definition> newest = new TreeMap<>();
    versions.stream()
        .filter(one -> one.kind().equals(kind))
        .forEach(one -> newest.put(one.name(), one));
    return List.copyOf(newest.values());
  }

  @Override
  public List<String> names(String kind) {
    return list(kind).stream().map(Definition::name).toList();
  }

  @Override
  public synchronized List<Definition> versions(String kind, String name) {
    return versions.stream()
        .filter(one -> one.kind().equals(kind) && one.name().equals(name))
        .sorted(Comparator.comparing(Definition::version).reversed())
        .toList();
  }

  @Override
  public synchronized boolean delete(String kind, String name) {
    return versions.removeIf(one -> one.kind().equals(kind) && one.name().equals(name));
  }

  @Override
  public DefinitionKind kind(String name) {
    return new ToyKind(name);
  }

  @Override
  public Flow flow(Definition definition) {
    throw new UnsupportedOperationException();
  }
}
