package io.windlass.browser;

import io.windlass.step.StepContext;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Keeps pictures of pages in the workspace. */
final class PageFile {
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_-]+");

  private PageFile() {}

  /** Where the picture is. */
  static String keep(WorkFiles files, StepContext context, String name, byte[] png)
      throws IOException {
    String safe = UNSAFE.matcher(name).replaceAll("-");
    String path =
        "screenshots/%s-%s-%s.png"
            .formatted(
                UNSAFE.matcher(context.publicId()).replaceAll("-"),
                safe.isEmpty() ? "page" : safe.substring(0, Math.min(60, safe.length())),
                UUID.randomUUID().toString().substring(0, 8));
    return files.write(path, png).toString();
  }
}
