package io.windlass.memory;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import io.windlass.tool.PreTool;
import io.windlass.tool.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tools and pre-tools that remember, over one database. Each owner has a memory of their own.
 */
public final class Memory {
  private final Supplier<Database> database;
  private final Surroundings surroundings;

  /**
   * What memory knows of the world.
   *
   * @param owner whose execution one is
   * @param files what a source may name
   * @param embedder null when no embedding model is configured: then words are compared
   */
  public record Surroundings(
      Function<ExecutionId, String> owner, Files files, @Nullable Embedder embedder) {}

  /** The files that may be indexed. */
  @FunctionalInterface
  public interface Files {
    /**
     * The text of a file of the workspace; empty when there is none of this name.
     *
     * @throws IOException when it is there and cannot be read
     */
    Optional<String> read(String path, int limit) throws IOException;
  }

  /**
   * @param database asked for at each call, since pre-tools are built before it is open
   */
  public Memory(Supplier<Database> database, Surroundings surroundings) {
    this.database = database;
    this.surroundings = surroundings;
  }

  /** The tool that agents keep their notes with. */
  public Tool tool() {
    return new MemoryTool(new ChunkStore(database), surroundings);
  }

  public List<PreTool> preTools() {
    var states = new StateStore(database);
    var chunks = new ChunkStore(database);
    var answers = new AnswerStore(database);
    var triples = new TripleStore(database);
    return List.of(
        new StateLoad(states, surroundings),
        new StateSave(states, surroundings),
        new VectorIndex(chunks, surroundings),
        new VectorQuery(chunks, surroundings),
        new SemanticCache(answers, surroundings),
        new EmbedCompare(surroundings),
        new GraphQuery(triples, surroundings));
  }
}
