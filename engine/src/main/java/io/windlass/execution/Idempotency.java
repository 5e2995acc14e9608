package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.store.RowWrite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Starts with an {@code Idempotency-Key}: the same key and request give the same execution, another
 * request under the same key is an error. The key's row is written with the execution's, so of two
 * starts at once one is refused by the database and finds the other's.
 */
final class Idempotency {
  private final IdempotencyStore keys;
  private final ExecutionStore store;
  private final Starter starter;
  private final InstantSource clock;

  Idempotency(IdempotencyStore keys, ExecutionStore store, Starter starter, InstantSource clock) {
    this.keys = keys;
    this.store = store;
    this.starter = starter;
    this.clock = clock;
  }

  Execution start(StartRequest request, String key, Starter.Plan plan) throws InterruptedException {
    String fingerprint = fingerprint(request);
    Optional<Execution> known = known(request.owner(), key, fingerprint);
    if (known.isPresent()) {
      return known.get();
    }
    Starter.KeyRow row =
        id ->
            List.<RowWrite>of(
                IdempotencyStore.insert(request.owner(), key, id, fingerprint, clock.instant()));
    try {
      return starter.start(plan, row, request.limit());
    } catch (WindlassException e) {
      if (e.code() != ErrorCode.INTERNAL) {
        throw e;
      }
      return known(request.owner(), key, fingerprint).orElseThrow(() -> e);
    }
  }

  private Optional<Execution> known(String owner, String key, String fingerprint) {
    return keys.find(owner, key)
        .map(found -> {
          if (!found.request().equals(fingerprint)) {
            throw new WindlassException(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                "Idempotency-Key \"%s\" was used for another request: use a new key."
                    .formatted(key));
          }
          return store.get(found.execution()).execution();
        });
  }

  private static String fingerprint(StartRequest request) {
    String text = request.kind() + '\n' + request.name() + '\n' + sorted(request.input());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same value with the fields of every object in one order. */
  private static JsonNode sorted(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        ObjectNode copy = Json.object();
        fields.forEach(copy::set);
        yield copy;
      }
      case ArrayNode array -> {
        ArrayNode copy = Json.MAPPER.createArrayNode();
        array.forEach(item -> copy.add(sorted(item)));
        yield copy;
      }
      default -> value;
    };
  }
}
