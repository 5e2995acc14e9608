package io.windlass.surface.compute;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells a file's type by its name, and which types a browser would run. */
final class MimeTypes {
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("md", "text/markdown"),
          Map.entry("txt", "text/plain"),
          Map.entry("log", "text/plain"),
          Map.entry("csv", "text/csv"),
          Map.entry("json", "application/json"),
          Map.entry("jsonl", "application/x-ndjson"),
          Map.entry("yaml", "application/yaml"),
          Map.entry("yml", "application/yaml"),
          Map.entry("xml", "application/xml"),
          Map.entry("html", "text/html"),
          Map.entry("htm", "text/html"),
          Map.entry("xhtml", "application/xhtml+xml"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("js", "text/javascript"),
          Map.entry("mjs", "text/javascript"),
          Map.entry("css", "text/css"),
          Map.entry("py", "text/x-python"),
          Map.entry("java", "text/x-java-source"),
          Map.entry("sh", "application/x-sh"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("zip", "application/zip"),
          Map.entry(
              "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
          Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));

  /** What is shown in place; a browser would run a part of the rest. */
  private static final Set<String> PASSIVE =
      Set.of(
          "text/plain",
          "text/markdown",
          "text/csv",
          "text/x-python",
          "text/x-java-source",
          "application/json",
          "application/x-ndjson",
          "application/yaml",
          "application/pdf",
          "image/png",
          "image/jpeg",
          "image/gif",
          "image/webp");

  private MimeTypes() {}

  static String of(String name) {
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    String known = KNOWN.get(extension);
    if (known != null) {
      return known;
    }
    String guessed = URLConnection.guessContentTypeFromName(name);
    return guessed == null ? "application/octet-stream" : guessed;
  }

  static boolean isPassive(String type) {
    return PASSIVE.contains(type);
  }
}
