package io.windlass.definition;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Ids;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The definition tables, with the versions and compiled flows that were used last in memory. */
public final class DefinitionStore implements Definitions {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");
  private static final int MAX_NAME_LENGTH = 200;
  private static final int REMEMBERED = 500;
  private static final String COLUMNS =
      """
      SELECT v.id, v.kind, v.name, v.version, v.source, v.outline, v.fault, v.created_at
      FROM definition_version v\s\
      """;

  private final Database database;
  private final Ids ids;
  private final InstantSource clock;
  private final Map<String, DefinitionKind> kinds;
  private final Map<UUID, Definition> versions = new Recent<>();
  private final Map<UUID, Flow> flows = new Recent<>();

  /** Where others can change the database, each start looks for the newest version. */
  private final SharedReads<Optional<Definition>> looks;

  /** Newest versions by kind and name; only kept where nobody else can change the database. */
  private final ConcurrentHashMap<String, Definition> newest = new ConcurrentHashMap<>();

  public DefinitionStore(
      Database database, Ids ids, InstantSource clock, List<DefinitionKind> kinds) {
    this.database = database;
    this.ids = ids;
    this.clock = clock;
    this.looks =
        new SharedReads<>(key -> {
          int slash = key.indexOf('/');
          return findStored(key.substring(0, slash), key.substring(slash + 1));
        });
    this.kinds =
        kinds.stream().collect(Collectors.toMap(DefinitionKind::name, Function.identity()));
  }

  @Override
  public Definition save(String kind, String name, String source) {
    return store(kind, name, source, kind(kind).outline(checked(name), source), null);
  }

  @Override
  public Definition importSource(String kind, String name, String source) {
    Outline outline = null;
    String fault = null;
    try {
      outline = kind(kind).outline(checked(name), source);
    } catch (WindlassException e) {
      fault = e.text();
    }
    return store(kind, name, source, outline, fault);
  }

  @Override
  public Definition importBroken(String kind, String name, String fault) {
    return store(kind, name, "", null, fault);
  }

  private static String checked(String name) {
    if (name.length() > MAX_NAME_LENGTH) {
      throw new WindlassException(
          ErrorCode.INVALID_NAME,
          "Invalid name \"%s…\": it has %d characters, the most is %d"
              .formatted(name.substring(0, 80), name.length(), MAX_NAME_LENGTH));
    }
    if (!NAME.matcher(name).matches() || name.contains("..")) {
      throw new WindlassException(
          ErrorCode.INVALID_NAME,
          "Invalid name \"%s\": use letters, digits, dots, hyphens and underscores, begin with a letter or digit, and put no two dots side by side."
              .formatted(name));
    }
    return name;
  }

  private Definition store(
      String kind, String name, String source, @Nullable Outline outline, @Nullable String fault) {
    Definition saved =
        database.write(handle -> {
          Optional<Definition> last =
              one(
                  handle,
                  "WHERE v.kind = :kind AND v.name = :name ORDER BY v.version DESC LIMIT 1",
                  kind,
                  name);
          Definition version =
              last.filter(found ->
                      found.source().equals(source) && Objects.equals(found.fault(), fault))
                  .orElseGet(() ->
                      insert(
                          handle,
                          new Definition(
                              ids.next(),
                              kind,
                              name,
                              last.map(found -> found.version() + 1).orElse(1),
                              source,
                              outline,
                              fault,
                              Instant.ofEpochMilli(clock.millis()))));
          handle
              .createUpdate(
                  """
                  INSERT INTO definition (kind, name, version_id) VALUES (:kind, :name, :version)
                  ON CONFLICT (kind, name) DO UPDATE SET version_id = excluded.version_id\
                  """)
              .bind("kind", kind)
              .bind("name", name)
              .bind("version", version.versionId())
              .execute();
          return version;
        });
    newest.remove(key(kind, name));
    return saved;
  }

  private static Definition insert(Handle handle, Definition definition) {
    handle
        .createUpdate(
            """
            INSERT INTO definition_version
              (id, kind, name, version, source, outline, fault, created_at)
            VALUES (:id, :kind, :name, :version, :source, :outline, :fault, :at)\
            """)
        .bind("id", definition.versionId())
        .bind("kind", definition.kind())
        .bind("name", definition.name())
        .bind("version", definition.version())
        .bind("source", definition.source())
        .bind("outline", definition.outline() == null ? null : Json.write(definition.outline()))
        .bind("fault", definition.fault())
        .bind("at", definition.createdAt().toEpochMilli())
        .execute();
    return definition;
  }

  @Override
  public Optional<Definition> find(String kind, String name) {
    String key = key(kind, name);
    if (database.dialect().shared()) {
      return looks.get(key);
    }
    Definition known = newest.get(key);
    // Read inside the map's own lock: a save that commits meanwhile removes what was read.
    return known != null
        ? Optional.of(known)
        : Optional.ofNullable(
            newest.computeIfAbsent(key, _ -> findStored(kind, name).orElse(null)));
  }

  private Optional<Definition> findStored(String kind, String name) {
    Optional<UUID> id =
        database.read(handle ->
            handle
                .createQuery(
                    "SELECT version_id FROM definition WHERE kind = :kind AND name = :name")
                .bind("kind", kind)
                .bind("name", name)
                .map((row, _) -> database.dialect().readId(row, 1))
                .findOne());
    return id.flatMap(this::version);
  }

  private static String key(String kind, String name) {
    return kind + '/' + name;
  }

  @Override
  public Optional<Definition> version(UUID versionId) {
    synchronized (versions) {
      Definition known = versions.get(versionId);
      if (known != null) {
        return Optional.of(known);
      }
    }
    Optional<Definition> found =
        database.read(handle ->
            handle
                .createQuery(COLUMNS + "WHERE v.id = :id")
                .bind("id", versionId)
                .map((row, _) -> read(row))
                .findOne());
    found.ifPresent(definition -> {
      synchronized (versions) {
        versions.put(versionId, definition);
      }
    });
    return found;
  }

  @Override
  public List<Definition> list(String kind) {
    return database.read(handle ->
        handle
            .createQuery(
                COLUMNS
                    + """
                    JOIN definition d ON d.version_id = v.id
                    WHERE v.kind = :kind ORDER BY v.name\
                    """)
            .bind("kind", kind)
            .map((row, _) -> read(row))
            .list());
  }

  @Override
  public List<String> names(String kind) {
    return database.read(handle ->
        handle
            .createQuery("SELECT name FROM definition WHERE kind = :kind ORDER BY name")
            .bind("kind", kind)
            .mapTo(String.class)
            .list());
  }

  @Override
  public List<Definition> versions(String kind, String name) {
    return database.read(handle ->
        handle
            .createQuery(
                COLUMNS + "WHERE v.kind = :kind AND v.name = :name ORDER BY v.version DESC")
            .bind("kind", kind)
            .bind("name", name)
            .map((row, _) -> read(row))
            .list());
  }

  @Override
  public boolean delete(String kind, String name) {
    int deleted =
        database.write(handle ->
            handle
                .createUpdate("DELETE FROM definition WHERE kind = :kind AND name = :name")
                .bind("kind", kind)
                .bind("name", name)
                .execute());
    newest.remove(key(kind, name));
    return deleted > 0;
  }

  @Override
  public DefinitionKind kind(String name) {
    DefinitionKind kind = kinds.get(name);
    if (kind == null) {
      throw WindlassException.invalid(
          "There is no kind of definition \"%s\": use one of %s."
              .formatted(name, String.join(", ", kinds.keySet().stream().sorted().toList())));
    }
    return kind;
  }

  @Override
  public Flow flow(Definition definition) {
    synchronized (flows) {
      Flow known = flows.get(definition.versionId());
      if (known != null) {
        return known;
      }
    }
    Flow compiled = kind(definition.kind()).compile(definition.name(), definition.source());
    synchronized (flows) {
      flows.put(definition.versionId(), compiled);
    }
    return compiled;
  }

  private Optional<Definition> one(Handle handle, String where, String kind, String name) {
    return handle
        .createQuery(COLUMNS + where)
        .bind("kind", kind)
        .bind("name", name)
        .map((row, _) -> read(row))
        .findOne();
  }

  private Definition read(ResultSet row) throws SQLException {
    String outline = row.getString(6);
    return new Definition(
        database.dialect().readId(row, 1),
        row.getString(2),
        row.getString(3),
        row.getInt(4),
        row.getString(5),
        outline == null ? null : Json.read(outline, Outline.class),
        row.getString(7),
        Instant.ofEpochMilli(row.getLong(8)));
  }

  /** A map that forgets what was used longest ago. */
  private static final class Recent<V> extends LinkedHashMap<UUID, V> {
    private static final long serialVersionUID = 1;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<UUID, V> eldest) {
      return size() > REMEMBERED;
    }
  }
}
