package io.windlass.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class ShellScriptTest {
  /** Each tries to leave its place and to make the file {@code pwned}. */
  private static final List<String> HOSTILE =
      List.of(
          "plain",
          "two  words",
          "",
          "$(touch pwned)",
          "`touch pwned`",
          "'; touch pwned; '",
          "\"; touch pwned; \"",
          "\\'; touch pwned; '",
          "a\\",
          "\\\"; touch pwned #",
          "; touch pwned",
          "&& touch pwned",
          "| touch pwned",
          "\ntouch pwned\n",
          "EOF\ntouch pwned\n",
          "\nEOF\ntouch pwned",
          ") ; touch pwned ; (",
          "}; touch pwned; ${x:-",
          "${IFS}$((1+1))",
          "*",
          "~",
          "-n",
          "!!",
          "<(touch pwned)",
          "a[$(touch pwned)]",
          "é漢😀",
          "{other}",
          "tab\tand\rreturn");

  /** Commands that print {@code [value]}, whatever the value is. */
  private static final List<String> PLACES =
      List.of(
          "printf '[%s]' {x}",
          "printf '[%s]' \"{x}\"",
          "printf '[%s]' '{x}'",
          "printf '[%s]' ${x}",
          "printf '[%s]' \"${x}\"",
          "printf '[%s]' $'{x}'",
          "printf '[%s]' \\{x}",
          "printf %s \"[{x}]\"",
          "printf %s '['{x}']'",
          "v={x}; printf '[%s]' \"$v\"",
          "v='{x}' ; printf '[%s]' \"${v}\"",
          "printf '[%s]' \"${absent:-{x}}\"",
          "printf '[%s]' ${absent:-{x}}",
          "cat <<< \"[{x}]\" | head -c -1",
          "cat << EOF | head -c -1\n[{x}]\nEOF\n",
          "cat <<'EOF' | head -c -1\n[{x}]\nEOF\n",
          "cat <<-\"EOF\" | head -c -1\n\t[{x}]\n\tEOF\n",
          "cat <<\\EOF | head -c -1\n[{x}]\nEOF\n",
          "# a note on {x} 'and\nprintf '[%s]' {x}",
          "f() { printf '[%s]' \"$1\"; }; f {x}",
          "( printf '[%s]' {x} )",
          "if [[ -n 'y' ]]; then printf '[%s]' '{x}'; fi",
          "case a in a) printf '[%s]' {x} ;; esac",
          "bash -c 'printf \"[%s]\" \"$1\"' _ {x}");

  /** Places where the shell itself takes newlines off the end. */
  private static final List<String> SUBSTITUTIONS =
      List.of(
          "v=$(printf '%s.' {x}); printf '[%s]' \"${v%.}\"",
          "v=\"$(printf '%s.' \"{x}\")\"; printf '[%s]' \"${v%.}\"",
          "v=`printf '%s.' {x}`; printf '[%s]' \"${v%.}\"",
          "v=\"`printf '%s.' \"{x}\"`\"; printf '[%s]' \"${v%.}\"",
          "v=$(cat <<EOF\n{x}.\nEOF\n); printf '[%s]' \"${v%.}\"");

  @TempDir Path folder;

  static Stream<Arguments> places() {
    return Stream.concat(PLACES.stream(), SUBSTITUTIONS.stream()).map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("places")
  void insertsAnyValueAsItIs(String command) throws Exception {
    for (String value : HOSTILE) {
      State state = State.EMPTY.with(Map.of("x", Json.text(value), "other", Json.text("expanded")));
      Shell.Result result =
          new Shell(Launcher.unowned(System.getenv()))
              .run(ShellScript.of(command, state), folder, new FakeStepContext());
      assertThat(result.output())
          .as("%s with <%s>, stderr: %s", command, value, result.errors())
          .isEqualTo("[" + value + "]");
      assertThat(Files.exists(folder.resolve("pwned")))
          .as("%s with <%s>", command, value)
          .isFalse();
    }
  }

  @Test
  void neverRunsAValue_evenWhereItsPlaceIsMisjudged() throws Exception {
    for (String command :
        List.of(
            "printf '[%s]' \"$(case a in a) printf %s. {x} ;; esac)\"",
            "echo \"${absent:-'{x}'}\"",
            "cat <<EOF\n$(echo {x})`echo '{x}'`\nEOF",
            "echo $((1)) {x} $(( 1 + (2) )) \"{x}\" ${#HOME} {x} $# {x}")) {
      for (String value : HOSTILE) {
        new Shell(Launcher.unowned(System.getenv()))
            .run(
                ShellScript.of(command, State.EMPTY.with("x", Json.text(value))),
                folder,
                new FakeStepContext());
        assertThat(Files.exists(folder.resolve("pwned"))).as("%s, <%s>", command, value).isFalse();
      }
    }
  }

  @Test
  void leavesACommandWithoutVariablesAsItIs() {
    String command = "awk '{print $1}' <<< \"${HOME}\" | grep -E 'a{2,3}' # {unknown}";
    assertThat(ShellScript.of(command, State.EMPTY)).isEqualTo(command);
  }

  @Test
  void letsOnlyNumbersIntoArithmetic() throws Exception {
    State number = State.EMPTY.with("n", Json.text(" 41 "));
    for (String command :
        List.of(
            "echo $(( {n} + 1 ))",
            "echo $(( ({n}) + 1 ))",
            "if (( {n} > 3 )); then echo 42; fi",
            "echo \"$(( \"{n}\" + 1 ))\"")) {
      assertThat(
              new Shell(Launcher.unowned(System.getenv()))
                  .run(ShellScript.of(command, number), folder, new FakeStepContext())
                  .output())
          .isEqualTo("42\n");
      assertThatThrownBy(
              () -> ShellScript.of(command, State.EMPTY.with("n", Json.text("a[$(touch pwned)]"))))
          .isInstanceOf(WindlassException.class)
          .hasMessageContaining("must be a whole number, not \"a[$(touch pwned)]\"");
    }
  }

  @Test
  void takesValuesOfAnySize() throws Exception {
    State state = State.EMPTY.with("x", Json.text("'y' ".repeat(300_000)));
    assertThat(
            new Shell(Launcher.unowned(System.getenv()))
                .run(ShellScript.of("printf %s {x} | wc -c", state), folder, new FakeStepContext())
                .output()
                .trim())
        .isEqualTo("1200000");
  }

  @Test
  void dropsNulFromValuesAndRefusesItInCommands() throws Exception {
    State state = State.EMPTY.with("x", Json.text("a\0001\000b"));
    assertThat(
            new Shell(Launcher.unowned(System.getenv()))
                .run(ShellScript.of("printf %s {x}", state), folder, new FakeStepContext())
                .output())
        .isEqualTo("a1b");
    assertThatThrownBy(() -> ShellScript.of("echo \0000\000", state)).hasMessageContaining("NUL");
  }
}
