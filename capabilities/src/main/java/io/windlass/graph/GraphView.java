package io.windlass.graph;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a graph's document says of itself, for those who list and show graphs.
 *
 * @param name as the document has it
 * @param displayName the name where there is none of its own
 * @param nodes in the order of the document
 * @param edges each pair once for each way that leads from one to the other
 * @param inputSchema empty when the document has none
 * @param outputSchema empty when the document has none
 */
public record GraphView(
    String name,
    String displayName,
    String description,
    String category,
    List<String> tags,
    String version,
    List<NodeView> nodes,
    List<EdgeView> edges,
    ObjectNode inputSchema,
    ObjectNode outputSchema) {

  public GraphView {
    tags = List.copyOf(tags);
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /**
   * A node.
   *
   * @param type as the document has it
   */
  public record NodeView(String name, String type, String label) {}

  /**
   * A way from one node to another.
   *
   * @param from {@code START} for the beginning
   * @param to {@code END} for the end
   * @param conditional whether something decides if it is taken
   */
  public record EdgeView(String from, String to, boolean conditional) {}

  static GraphView of(GraphDocument graph) {
    List<EdgeView> edges = new ArrayList<>();
    for (Arc arc : graph.arcs()) {
      List<String> from = arc.from().isEmpty() ? List.of(Arc.START) : List.copyOf(arc.from());
      for (String source : from) {
        for (String target : arc.to()) {
          edges.add(new EdgeView(source, target, !arc.always()));
        }
      }
    }
    return new GraphView(
        graph.text("name"),
        graph.title(),
        graph.text("description"),
        graph.text("category"),
        NodeSpec.places(graph.fields().path("tags")),
        graph.text("version"),
        graph.nodes().stream()
            .map(node -> new NodeView(node.name(), node.type(), node.label()))
            .toList(),
        edges.stream().distinct().toList(),
        orEmpty(graph.object("input_schema")),
        orEmpty(graph.object("output_schema")));
  }

  private static ObjectNode orEmpty(@Nullable ObjectNode schema) {
    return schema == null ? Json.object() : schema.deepCopy();
  }
}
