package io.windlass.browser;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the programs that browse, or says what to install. */
final class Programs {
  private Programs() {}

  static String browser(BrowserConfig config) {
    return find(
        config.browser(),
        List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
        "Browsing needs Chromium: install the Debian package chromium, or set WINDLASS_BROWSER to"
            + " the path of Chromium or Chrome",
        "WINDLASS_BROWSER");
  }

  static String node(BrowserConfig config) {
    return find(
        config.node(),
        List.of("node", "nodejs"),
        "Browsing needs node to drive Chromium: install the Debian package nodejs (18 or newer),"
            + " or set WINDLASS_NODE to the path of node",
        "WINDLASS_NODE");
  }

  private static String find(
      @Nullable String given, List<String> names, String missing, String setting) {
    if (given != null) {
      if (Files.isExecutable(Path.of(given))) {
        return given;
      }
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED, "%s names no program: %s".formatted(setting, given));
    }
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String name : names) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
          return folder + "/" + name;
        }
      }
    }
    throw new WindlassException(ErrorCode.NOT_CONFIGURED, missing);
  }
}
