package io.windlass.surface.unified;

import io.windlass.http.Caller;
import io.windlass.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * One tool that this server offers to MCP clients.
 *
 * @param name as clients call it
 * @param description what it does and when to use it
 * @param schema the JSON Schema of its arguments
 * @param nature what a call does to the world
 * @param work does it
 */
record McpTool(String name, String description, ObjectNode schema, Nature nature, Work work) {

  /** What a call does to the world. */
  enum Nature {
    READS,
    CHANGES,
    DESTROYS
  }

  /** What stands behind a tool. */
  @FunctionalInterface
  interface Work {
    /**
     * Answers a call.
     *
     * @param arguments fit the schema
     * @return an object on the wire
     */
    Object call(Caller caller, Fields arguments) throws Exception;
  }

  static McpTool reads(String name, String description, McpSchemas schema, Work work) {
    return new McpTool(name, description, schema.build(), Nature.READS, work);
  }

  static McpTool changes(String name, String description, McpSchemas schema, Work work) {
    return new McpTool(name, description, schema.build(), Nature.CHANGES, work);
  }

  static McpTool destroys(String name, String description, McpSchemas schema, Work work) {
    return new McpTool(name, description, schema.build(), Nature.DESTROYS, work);
  }

  /** An answer that only says that it was done. */
  static ObjectNode done(String message) {
    return Json.object().put("ok", true).put("message", message);
  }
}
