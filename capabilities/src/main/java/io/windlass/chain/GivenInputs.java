package io.windlass.chain;

import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The texts that a run begins with: what was given, defaults filled in, rules kept. */
final class GivenInputs {
  private GivenInputs() {}

  /**
   * Every input's text by name: declared ones in their order, then those that were given besides.
   *
   * @param noun what the inputs belong to, as errors name them: {@code input}, …
   * @param files where inputs that are files are looked for
   * @throws WindlassException INVALID_INPUT naming every input at fault
   */
  static Map<String, String> accept(
      List<InputSpec> declared, ObjectNode given, String noun, InputFiles files) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    List<Fault> places = new ArrayList<>();
    for (InputSpec spec : declared) {
      String value = value(spec, given);
      if (value == null || value.isEmpty()) {
        // A declared default is a value, an empty one too: its author did not want to insist.
        if (spec.required() && spec.defaultValue() == null) {
          missing.add(spec.name());
          places.add(new Fault("input." + spec.name(), "is required and must not be empty"));
        } else if (value != null) {
          texts.put(spec.name(), value);
        }
        continue;
      }
      texts.put(spec.name(), value);
      for (String fault : spec.faults(value, files)) {
        faults.add("the %s %s %s".formatted(noun, spec.name(), fault));
        places.add(new Fault("input." + spec.name(), fault));
      }
    }
    if (!missing.isEmpty()) {
      faults.addFirst(
          "Missing required %s %s; give %s a value that is not empty"
              .formatted(noun, String.join(", ", missing), missing.size() > 1 ? "each" : "it"));
    }
    if (!faults.isEmpty()) {
      throw WindlassException.invalid(String.join("; ", faults), places);
    }
    given
        .properties()
        .forEach(entry -> {
          if (!entry.getValue().isNull()) {
            texts.putIfAbsent(entry.getKey(), Json.show(entry.getValue()));
          }
        });
    return texts;
  }

  private static @Nullable String value(InputSpec spec, ObjectNode given) {
    String value = given.hasNonNull(spec.name()) ? Json.show(given.get(spec.name())) : null;
    String otherwise = spec.defaultValue();
    return value == null || (value.isEmpty() && otherwise != null) ? otherwise : value;
  }
}
