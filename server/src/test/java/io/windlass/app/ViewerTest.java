package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import io.windlass.chain.Yaml;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pages of the server as a person sees them. */
final class ViewerTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  @TempDir Path folder;

  @Test
  void showsEveryOperationOfEachSurface() throws Exception {
    Map<String, String> environment =
        Map.of(
            "WINDLASS_HOME",
            folder.toString(),
            "WINDLASS_PORT",
            "0",
            "WINDLASS_COMPUTE_PORT",
            "off",
            "WINDLASS_CHAINS_PORT",
            "0",
            "WINDLASS_LIBRARY_DIR",
            folder.toString());
    try (Server server = Server.open(Config.read(environment, folder), environment);
        Browser browser = new Browser()) {
      Page page = browser.open();
      page.navigate(server.mainUrl() + "/");
      picture(page, "landing");
      page.getByText("All documents in a viewer").click();
      page.waitForURL("**/openapi/");
      for (String name : List.of("Chains", "Unified")) {
        page.locator("select").first().selectOption(name);
        Set<String> wanted = operations("/openapi/" + name.toLowerCase(Locale.ROOT));
        page.waitForFunction(
            "n => document.querySelectorAll('.opblock-summary-path').length === n", wanted.size());
        assertThat(shown(page)).as(name).isEqualTo(wanted);
        picture(page, name.toLowerCase(Locale.ROOT));
      }
      page.locator(".opblock-summary-control").first().click();
      page.locator(".opblock-body .responses-wrapper").first().waitFor();
      picture(page, "operation");

      assertThat(browser.complaints).isEmpty();
      assertThat(browser.requests)
          .isNotEmpty()
          .allMatch(url ->
              url.startsWith("data:")
                  || url.startsWith("blob:")
                  || URI.create(url).getHost().equals("127.0.0.1"));
    }
  }

  private static void picture(Page page, String name) {
    page.screenshot(new ScreenshotOptions().setPath(Path.of("target", "pictures", name + ".png")));
  }

  private static Set<String> shown(Page page) {
    Set<String> shown = new TreeSet<>();
    for (var block : page.locator(".opblock-summary").all()) {
      String method = block.locator(".opblock-summary-method").textContent();
      String path = block.locator(".opblock-summary-path").getAttribute("data-path");
      shown.add(method + " " + path);
    }
    return shown;
  }

  private static Set<String> operations(String document) throws Exception {
    Set<String> operations = new TreeSet<>();
    try (InputStream in = ViewerTest.class.getResourceAsStream(document + ".yaml")) {
      assertThat(in).isNotNull();
      JsonNode read = Yaml.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      for (var path : read.path("paths").properties()) {
        for (String method : path.getValue().propertyNames()) {
          if (METHODS.contains(method)) {
            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
          }
        }
      }
    }
    return operations;
  }
}
