package io.windlass.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import io.windlass.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AstParseTest {
  @TempDir private Path root;

  @Test
  void outlinesJava() throws Exception {
    JsonNode found =
        outline(
            "A.java",
            """
            import java.util.List;
            public final class Ä<T> {
              record Pair(int a, int b) {}
              public Ä(int x) {}
              public List<T> find(String name,
                  int limit) { return null; }
            }
            """);
    assertThat(names(found, "classes")).containsExactly("Ä", "Pair");
    assertThat(names(found, "functions")).containsExactly("Ä", "find");
    assertThat(found.path("functions").get(1).path("signature").asString())
        .isEqualTo("public List<T> find(String name, int limit)");
    assertThat(found.path("functions").get(1).path("class").asString()).isEqualTo("Ä");
    assertThat(found.path("functions").get(1).path("line").asInt()).isEqualTo(5);
    assertThat(found.path("imports").get(0).path("text").asString())
        .isEqualTo("import java.util.List;");
    assertThat(found.has("syntax_errors")).isFalse();
  }

  @Test
  void outlinesPython() throws Exception {
    JsonNode found =
        outline(
            "a.py",
            """
            from os import path
            class Tide(Base):
                def rise(self, by: int = 1) -> int:
                    return by
            @cached
            async def moon(): pass
            def _hidden(): pass
            """);
    assertThat(names(found, "classes")).containsExactly("Tide");
    assertThat(names(found, "functions")).containsExactly("rise", "moon", "_hidden");
    assertThat(found.path("exports").valueStream().map(e -> e.path("text").asString()))
        .containsExactly("Tide", "moon");
    assertThat(found.path("functions").get(0).path("signature").asString())
        .isEqualTo("def rise(self, by: int = 1) -> int:");
  }

  @Test
  void outlinesTypescriptAndJavascript() throws Exception {
    String source =
        """
        import { a } from './a';
        export const greet = async (name) => 'hi ' + name;
        export default class Service { findAll() { return []; } }
        function inner() {}
        """;
    for (String file : List.of("a.ts", "a.js", "a.tsx", "a.jsx")) {
      JsonNode found = outline(file, source);
      assertThat(names(found, "functions")).containsExactly("greet", "findAll", "inner");
      assertThat(names(found, "classes")).containsExactly("Service");
      assertThat(found.path("exports").size()).isEqualTo(2);
      assertThat(found.path("imports").size()).isEqualTo(1);
    }
    JsonNode types =
        outline(
            "t.ts", "export interface Point { x: number }\nenum Kind { A }\ntype Id = string;\n");
    assertThat(names(types, "classes")).containsExactly("Point", "Kind", "Id");
    JsonNode component = outline("c.tsx", "const App = (): Node => <div a={1}>x</div>;\n");
    assertThat(names(component, "functions")).containsExactly("App");
    assertThat(component.has("syntax_errors")).isFalse();
  }

  @Test
  void givesOnlyWhatIsAskedFor() throws Exception {
    Files.writeString(root.resolve("a.py"), "import os\ndef f(): pass\n");
    String text = run("{\"path\":\"a.py\",\"extract\":[\"functions\"]}");
    assertThat(Json.read(text).propertyNames()).containsExactlyInAnyOrder("language", "functions");
    assertThat(
            Json.read(run("{\"path\":\"a.py\",\"extract\":\"imports, classes\"}")).propertyNames())
        .containsExactlyInAnyOrder("language", "imports", "classes");
    assertThatThrownBy(() -> run("{\"path\":\"a.py\",\"extract\":\"comments\"}"))
        .hasMessageContaining("\"comments\"");
  }

  @Test
  void marksBrokenSourcesAndRefusesUnknownLanguages() throws Exception {
    assertThat(outline("b.java", "class { void ").path("syntax_errors").asBoolean()).isTrue();
    assertThat(outline("e.py", "").path("functions").size()).isZero();
    assertThatThrownBy(() -> run("{\"path\":\"main.rs\"}"))
        .hasMessageContaining("main.rs")
        .hasMessageContaining("python");
  }

  private JsonNode outline(String file, String source) throws Exception {
    Files.writeString(root.resolve(file), source);
    return Json.read(run("{\"path\":\"" + file + "\"}"));
  }

  private String run(String fields) throws Exception {
    return new AstParse(new Workspace(root, root)).run(Calls.of(new FakeStepContext(), fields));
  }

  private static List<String> names(JsonNode found, String kind) {
    return found.path(kind).valueStream().map(one -> one.path("name").asString()).toList();
  }
}
