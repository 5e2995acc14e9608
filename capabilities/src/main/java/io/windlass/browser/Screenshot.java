package io.windlass.browser;

import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.util.List;
import java.util.Locale;

/**
 * The pre-tool {@code screenshot}: a picture of a page, as PNG in the workspace; gives its path.
 */
public final class Screenshot implements PreTool {
  private static final int MOST_WAIT = 60_000;

  private final Browsers browsers;
  private final WorkFiles files;

  public Screenshot(Browsers browsers, WorkFiles files) {
    this.browsers = browsers;
    this.files = files;
  }

  @Override
  public String name() {
    return "screenshot";
  }

  @Override
  public List<String> required() {
    return List.of("url");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String url = call.text("url");
    String path = call.text("output_path").trim();
    boolean whole = call.flag("full_page");
    int wait = wait(call);
    byte[] png =
        browsers.visit(
            Viewport.of(call.fields().get("viewport")),
            call.context(),
            visit -> {
              visit.go(url, 3_000);
              if (wait > 0) {
                visit.page().waitForTimeout(wait);
              }
              return visit.picture(whole);
            });
    if (path.isEmpty()) {
      return PageFile.keep(files, call.context(), call.context().stepId(), png);
    }
    return files
        .write(path.toLowerCase(Locale.ROOT).endsWith(".png") ? path : path + ".png", png)
        .toString();
  }

  private static int wait(PreToolCall call) {
    String given = call.text("wait_ms").trim();
    if (given.isEmpty()) {
      return 0;
    }
    if (!given.matches("\\d{1,6}")) {
      throw WindlassException.invalid("screenshot: wait_ms must be milliseconds, not " + given);
    }
    return Math.min(Integer.parseInt(given), MOST_WAIT);
  }
}
