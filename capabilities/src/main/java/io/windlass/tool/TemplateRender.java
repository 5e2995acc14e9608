package io.windlass.tool;

import io.windlass.kernel.Json;
import io.windlass.text.Handlebars;
import io.windlass.text.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code template_render}: a template of the small {@link Handlebars} dialect over the
 * variables and the call's {@code data}; single-brace placeholders in its text work as well.
 */
public final class TemplateRender implements PreTool {
  @Override
  public String name() {
    return "template_render";
  }

  @Override
  public List<String> required() {
    return List.of("template");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public boolean isPure() {
    return true;
  }

  @Override
  public String run(PreToolCall call) {
    Map<String, JsonNode> data = new LinkedHashMap<>(call.state().values());
    JsonNode given = call.fields().path("data");
    given
        .properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          data.put(
              field.getKey(),
              value.isString()
                  ? Json.text(Template.render(value.stringValue(), call.state()))
                  : value);
        });
    return Handlebars.parse(call.raw("template"))
        .render(data, text -> Template.render(text, call.state()));
  }
}
