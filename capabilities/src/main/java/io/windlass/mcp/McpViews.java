package io.windlass.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is shown of servers and their answers. */
final class McpViews {
  private McpViews() {}

  static McpServer of(
      ServerConfig config,
      McpServer.State state,
      McpSchema.@Nullable InitializeResult hello,
      @Nullable List<McpTool> tools,
      McpHealth health) {
    McpSchema.Implementation itself = hello == null ? null : hello.serverInfo();
    String title = config.text("display_name", "displayName", "title");
    if (title.isEmpty() && itself != null && itself.title() != null) {
      title = itself.title();
    }
    String description = config.text("description");
    if (description.isEmpty() && itself != null && itself.description() != null) {
      description = itself.description();
    }
    return new McpServer(
        config.name(),
        title.isEmpty() ? config.name() : title,
        description,
        config.transport(),
        state,
        itself == null ? null : itself.version(),
        hello == null ? List.of() : capabilities(hello.capabilities()),
        tools == null ? null : tools.size(),
        health.heardAt(),
        health.responseMillis(),
        health.error());
  }

  private static List<String> capabilities(McpSchema.@Nullable ServerCapabilities has) {
    List<String> names = new ArrayList<>();
    if (has != null) {
      add(names, "tools", has.tools());
      add(names, "resources", has.resources());
      add(names, "prompts", has.prompts());
      add(names, "logging", has.logging());
      add(names, "completions", has.completions());
    }
    return names;
  }

  private static void add(List<String> names, String name, @Nullable Object capability) {
    if (capability != null) {
      names.add(name);
    }
  }

  /** All content as text, a blank line between the parts. */
  static String text(CallToolResult result) {
    List<String> parts = new ArrayList<>();
    if (result.content() != null) {
      result.content().forEach(part -> parts.add(text(part)));
    }
    return String.join("\n\n", parts);
  }

  private static String text(McpSchema.Content part) {
    return switch (part) {
      case McpSchema.TextContent text -> text.text() == null ? "" : text.text();
      case McpSchema.ImageContent image -> binary("image", image.mimeType(), image.data());
      case McpSchema.AudioContent audio -> binary("audio", audio.mimeType(), audio.data());
      case McpSchema.EmbeddedResource embedded -> resource(embedded.resource());
      case McpSchema.ResourceLink link -> "[resource " + link.name() + ": " + link.uri() + "]";
      default -> "[" + part.type() + "]";
    };
  }

  private static String resource(McpSchema.@Nullable ResourceContents contents) {
    return switch (contents) {
      case null -> "[resource]";
      case McpSchema.TextResourceContents text -> text.text();
      case McpSchema.BlobResourceContents blob -> binary(blob.uri(), blob.mimeType(), blob.blob());
      default -> "[resource " + contents.uri() + "]";
    };
  }

  private static String binary(String what, @Nullable String type, @Nullable String base64) {
    long length = base64 == null ? 0 : base64.length();
    return "[%s, %s, %d bytes]"
        .formatted(what, type == null ? "of no known type" : type, length * 3 / 4);
  }
}
