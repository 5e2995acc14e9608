package io.windlass.tool;

/**
 * What a tool answers.
 *
 * @param text what the model reads
 * @param failed whether the call failed, so that the model may try something else
 */
public record ToolResult(String text, boolean failed) {
  public static ToolResult of(String text) {
    return new ToolResult(text, false);
  }

  public static ToolResult failure(String text) {
    return new ToolResult(text, true);
  }
}
