package io.windlass.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.TimeoutError;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ToolSpec;
import io.windlass.model.ToolUse;
import io.windlass.tool.ToolResult;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a model may do with a page; each answer shows it the page as it is then. */
final class PageTools {
  private static final int SHOWN_TEXT = 6_000;
  private static final String REF = "data-windlass-ref";
  private static final String ELEMENTS =
      """
      () => {
        const found = [];
        document.querySelectorAll('[data-windlass-ref]').forEach(e => e.removeAttribute('data-windlass-ref'));
        const all = document.querySelectorAll('a[href],button,input,select,textarea,summary,[onclick],' +
          '[role=button],[role=link],[role=tab],[role=menuitem],[role=checkbox],[contenteditable=true]');
        for (const e of all) {
          const box = e.getBoundingClientRect();
          if (box.width < 1 || box.height < 1 || e.type === 'hidden') continue;
          if (getComputedStyle(e).visibility === 'hidden') continue;
          if (found.length >= 150) { found.push('…'); break; }
          const ref = found.length + 1;
          e.setAttribute('data-windlass-ref', ref);
          const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
          const name = (e.getAttribute('aria-label') || label || e.innerText || e.placeholder ||
            e.title || e.name || (e.type === 'submit' ? e.value : '') || '').trim().replace(/\\s+/g, ' ').slice(0, 80);
          const value = e.value && !['password', 'submit', 'button'].includes(e.type) && e.tagName !== 'BUTTON'
            ? ' value="' + String(e.value).slice(0, 60) + '"' : '';
          const kind = e.tagName === 'A' ? 'link' : e.tagName === 'INPUT' ? 'input ' + e.type : e.tagName.toLowerCase();
          found.push('[' + ref + '] ' + kind + ' "' + name + '"' + value);
        }
        return found.join('\\n');
      }
      """;

  private final Visit visit;
  private final int waitMillis;

  PageTools(Visit visit, int waitMillis) {
    this.visit = visit;
    this.waitMillis = waitMillis;
  }

  static List<ToolSpec> specs() {
    return List.of(
        new ToolSpec(
            "navigate", "Opens a web address.", schema("{\"url\":{\"type\":\"string\"}}", "url")),
        new ToolSpec(
            "click",
            "Clicks an element by its number in the list of elements.",
            schema("{\"ref\":{\"type\":\"integer\"}}", "ref")),
        new ToolSpec(
            "type",
            "Replaces the text of a field, or chooses in a list, by its number; submit presses Enter.",
            schema(
                "{\"ref\":{\"type\":\"integer\"},\"text\":{\"type\":\"string\"},"
                    + "\"submit\":{\"type\":\"boolean\"}}",
                "ref",
                "text")),
        new ToolSpec(
            "scroll",
            "Scrolls one screen.",
            schema("{\"direction\":{\"type\":\"string\",\"enum\":[\"down\",\"up\"]}}")),
        new ToolSpec("back", "Goes back to the page before.", schema("{}")),
        new ToolSpec(
            "read",
            "Shows the page again: its address, text from a character on, and elements.",
            schema("{\"from\":{\"type\":\"integer\"}}")));
  }

  private static ObjectNode schema(String properties, String... required) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.set("properties", Json.read(properties));
    var names = schema.putArray("required");
    for (String name : required) {
      names.add(name);
    }
    return schema;
  }

  /** Does what the model asks for; what goes wrong is its to read, unless the browser is gone. */
  ToolResult call(ToolUse use) {
    JsonNode arguments;
    try {
      arguments = use.arguments().isBlank() ? Json.object() : Json.MAPPER.readTree(use.arguments());
    } catch (JacksonException e) {
      return ToolResult.failure("The arguments are not JSON: " + use.arguments());
    }
    try {
      return ToolResult.of(done(use.name(), arguments));
    } catch (BrowserFailure e) {
      return ToolResult.failure(String.valueOf(e.getMessage()));
    } catch (WindlassException e) {
      return ToolResult.failure(e.text());
    } catch (TimeoutError e) {
      return ToolResult.failure(
          "That did not work in time: " + BrowserFailure.firstLine(e) + now());
    } catch (PlaywrightException e) {
      if (Thread.currentThread().isInterrupted() || visit.page().isClosed()) {
        throw e;
      }
      return ToolResult.failure(BrowserFailure.firstLine(e));
    }
  }

  /** The page after something went wrong. */
  private String now() {
    try {
      return "\n\n" + shown(0);
    } catch (BrowserFailure e) {
      return "\n\n" + e.getMessage();
    }
  }

  private String done(String tool, JsonNode arguments) throws BrowserFailure {
    switch (tool) {
      case "navigate" -> visit.go(Json.show(arguments.get("url")), waitMillis);
      case "click" -> {
        visit.act(page -> element(page, arguments).click());
        visit.settle(waitMillis);
      }
      case "type" -> type(arguments);
      case "scroll" -> {
        boolean up = Json.show(arguments.get("direction")).equals("up");
        visit.evaluate(
            "() => { window.scrollBy(0, %s * window.innerHeight); return 0; }"
                .formatted(up ? -0.9 : 0.9));
        visit.settle(Math.min(waitMillis, 1_000));
      }
      case "back" -> {
        visit.act(Page::goBack);
        visit.settle(waitMillis);
      }
      case "read" -> {
        return shown(arguments.path("from").asInt(0));
      }
      default ->
          throw WindlassException.invalid(
              "There is no tool \"%s\"; there are navigate, click, type, scroll, back, read"
                  .formatted(tool));
    }
    return shown(0);
  }

  private void type(JsonNode arguments) throws BrowserFailure {
    visit.act(page -> {
      Locator element = element(page, arguments);
      String text = Json.show(arguments.get("text"));
      if (String.valueOf(element.evaluate("e => e.tagName")).equals("SELECT")) {
        element.selectOption(text);
      } else {
        element.fill(text);
      }
      if (arguments.path("submit").asBoolean(false)) {
        element.press("Enter");
      }
    });
    visit.settle(waitMillis);
  }

  private static Locator element(Page page, JsonNode arguments) {
    int ref = arguments.path("ref").asInt(-1);
    Locator found = page.locator("[" + REF + "=\"" + ref + "\"]");
    if (found.count() != 1) {
      throw WindlassException.invalid(
          "There is no element %s on the page now; call read for the present ones"
              .formatted(arguments.path("ref")));
    }
    return found;
  }

  /** The page as the model sees it. */
  String shown(int from) throws BrowserFailure {
    String text = visit.text().strip();
    int begin = Math.clamp(from, 0, text.length());
    int end = Math.min(text.length(), begin + SHOWN_TEXT);
    String rest =
        end < text.length()
            ? "\n[%d more characters; read from %d]".formatted(text.length() - end, end)
            : "";
    return "Address: %s\nTitle: %s\n\nText:\n%s%s\n\nElements:\n%s"
        .formatted(
            visit.page().url(),
            visit.title(),
            text.substring(begin, end),
            rest,
            visit.evaluate(ELEMENTS));
  }
}
