package io.windlass.definition;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Nearest;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The documents that can be run, by kind and name, with all their versions. */
public interface Definitions {
  /**
   * Saves a sound document as the newest version; the same text again makes no new version.
   *
   * @throws WindlassException INVALID_NAME, INVALID_DEFINITION
   */
  Definition save(String kind, String name, String source);

  /** Saves a document found in a folder, sound or broken; a broken one is listed with its fault. */
  Definition importSource(String kind, String name, String source);

  Optional<Definition> find(String kind, String name);

  Optional<Definition> version(UUID versionId);

  /** The newest version of each, by name. */
  List<Definition> list(String kind);

  /** The names on that list. */
  List<String> names(String kind);

  /**
   * What stands behind an error about a name that is not there: {@code ; did you mean "…"?}, or
   * nothing when no name on the list is near.
   */
  default String hint(String kind, String name) {
    return Nearest.hint(name, names(kind));
  }

  /**
   * Puts a document on the list that cannot be read at all, with that fault: it has no text, and
   * cannot run.
   */
  Definition importBroken(String kind, String name, String fault);

  /**
   * That there is no definition of that name: because none can be called so, or else which one was
   * perhaps meant.
   */
  default WindlassException missing(String kind, String name) {
    Optional<String> fault = kind(kind).nameFault(name);
    if (fault.isPresent()) {
      return new WindlassException(
          ErrorCode.DEFINITION_NOT_FOUND,
          "Invalid %s name \"%s\": %s"
              .formatted(
                  kind, name.length() > 200 ? name.substring(0, 200) + "…" : name, fault.get()));
    }
    String hint = hint(kind, name);
    return new WindlassException(
        ErrorCode.DEFINITION_NOT_FOUND,
        "There is no %s \"%s\"%s".formatted(kind, name, hint.isEmpty() ? "." : hint));
  }

  /** Newest first. */
  List<Definition> versions(String kind, String name);

  /** Takes it off the list; pinned versions stay for the executions that need them. */
  boolean delete(String kind, String name);

  /**
   * The format of that name.
   *
   * @throws WindlassException INVALID_INPUT when there is none
   */
  DefinitionKind kind(String name);

  /** The compiled flow of a version. */
  Flow flow(Definition definition);
}
