package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation says of settings, against the settings that there are. */
final class SettingsDocumentTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern OWN = Pattern.compile("\\bWINDLASS_[A-Z0-9_]*[A-Z0-9]");
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Z0-9_]+)`");

  /** Read by the models, the log and the launcher. */
  private static final Set<String> OTHERS =
      Set.of(
          "ANTHROPIC_API_KEY",
          "ANTHROPIC_BASE_URL",
          "GEMINI_API_KEY",
          "GEMINI_BASE_URL",
          "GOOGLE_API_KEY",
          "JAVA_HOME",
          "LMSTUDIO_BASE_URL",
          "LOG_LEVEL",
          "OLLAMA_HOST",
          "OPENAI_API_KEY",
          "OPENAI_BASE_URL",
          "OPENAI_MODEL",
          "OPENROUTER_API_KEY",
          "OPENROUTER_BASE_URL");

  @Test
  void explainsEverySetting() throws Exception {
    Set<String> explained = inTables(ROOT.resolve("docs").resolve("configuration.md"));
    Set<String> there = new TreeSet<>(OTHERS);
    for (Setting setting : Setting.values()) {
      there.addAll(setting.variables());
    }
    assertThat(explained).containsAll(there);
    there.addAll(Settings.FOREIGN);
    assertThat(there).as("what is explained exists").containsAll(explained);
  }

  @Test
  void namesNoSettingThatIsNotThere() throws Exception {
    Set<String> known = new TreeSet<>(Settings.FOREIGN);
    for (Setting setting : Setting.values()) {
      known.addAll(setting.variables());
    }
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      for (Path page : Stream.concat(pages, Stream.of(ROOT.resolve("README.md"))).toList()) {
        Matcher name = OWN.matcher(Files.readString(page));
        while (name.find()) {
          assertThat(known).as("named in %s", page.getFileName()).contains(name.group());
        }
      }
    }
  }

  /** The names in the first column of a page's tables. */
  private static Set<String> inTables(Path page) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("| `")) {
        Matcher name = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
        while (name.find()) {
          names.add(name.group(1));
        }
      }
    }
    return names;
  }
}
