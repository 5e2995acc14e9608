package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Finding;
import io.windlass.definition.InputField;
import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/** One version of a definition on the wire, without its source. */
@JsonNaming(SnakeCaseStrategy.class)
record DefinitionJson(
    String kind,
    String name,
    int version,
    String versionId,
    @Nullable String title,
    @Nullable String description,
    @Nullable String authorVersion,
    @Nullable Integer steps,
    List<InputJson> inputs,
    @Nullable String fault,
    Instant createdAt) {

  static DefinitionJson of(Definition one) {
    Outline outline = one.outline();
    return new DefinitionJson(
        one.kind(),
        one.name(),
        one.version(),
        one.versionId().toString(),
        outline == null ? null : outline.title(),
        outline == null ? null : outline.description(),
        outline == null ? null : outline.version(),
        outline == null ? null : outline.steps(),
        outline == null ? List.of() : outline.inputs().stream().map(InputJson::of).toList(),
        one.fault(),
        one.createdAt());
  }

  /** One input that a definition takes. */
  record InputJson(
      String name,
      String type,
      @Nullable String description,
      boolean required,
      @JsonProperty("default") @Nullable JsonNode defaultValue,
      ObjectNode rules) {

    static InputJson of(InputField field) {
      return new InputJson(
          field.name(),
          field.type(),
          field.description(),
          field.required(),
          field.defaultValue(),
          field.rules() == null ? Json.object() : field.rules());
    }
  }

  /** With the document as it was saved. */
  record WithSource(@JsonUnwrapped DefinitionJson definition, String source) {
    static WithSource of(Definition one) {
      return new WithSource(DefinitionJson.of(one), one.source());
    }
  }

  /**
   * What a check of a document found.
   *
   * @param inputs what it takes, as far as that can be read; null when nobody looked
   */
  record Validation(
      boolean valid,
      List<FaultJson> errors,
      List<FaultJson> warnings,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<InputJson> inputs) {
    static Validation of(List<Finding> findings) {
      List<FaultJson> errors = faults(findings, true);
      return new Validation(errors.isEmpty(), errors, faults(findings, false), null);
    }

    /** With the inputs of a document that is not saved. */
    static Validation of(DefinitionKind kind, String name, String source) {
      Validation found = of(kind.lint(name, source));
      return new Validation(
          found.valid(), found.errors(), found.warnings(), inputs(kind, name, source));
    }

    private static List<InputJson> inputs(DefinitionKind kind, String name, String source) {
      try {
        return kind.outline(name, source).inputs().stream().map(InputJson::of).toList();
      } catch (WindlassException e) {
        // The findings say what is wrong with it.
        return List.of();
      }
    }

    private static List<FaultJson> faults(List<Finding> findings, boolean error) {
      return findings.stream()
          .filter(finding -> finding.error() == error)
          .map(finding -> new FaultJson(finding.path(), finding.reason()))
          .toList();
    }
  }

  /** One place at fault. */
  record FaultJson(String path, String reason) {}
}
