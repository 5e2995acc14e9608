package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tool {@code env_var}: a variable of the server's environment, unless its name looks like
 * a secret's, since the text goes into prompts, journals and logs.
 */
public final class EnvVar implements PreTool {
  /** What stands in the names of these services is not always told by a word. */
  private static final Pattern SERVICE =
      Pattern.compile(
          "^(?:AWS|GCP|GOOGLE|AZURE|GITHUB|GITLAB|NPM|DOCKER|SSH|GPG)_", Pattern.CASE_INSENSITIVE);

  private final Map<String, String> environment;

  public EnvVar(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return "env_var";
  }

  @Override
  public List<String> required() {
    return List.of("var_name");
  }

  @Override
  public String run(PreToolCall call) {
    String variable = call.text("var_name").trim();
    boolean hasDefault = call.fields().hasNonNull("default_value");
    String value = environment.get(variable);
    String secret = secret(variable, value);
    if (secret != null) {
      String refusal = "env_var refuses " + variable + ": " + secret;
      if (!hasDefault) {
        throw new WindlassException(ErrorCode.FORBIDDEN, refusal);
      }
      call.context().log(LogLevel.WARN, refusal + "; default_value is used");
      return call.text("default_value");
    }
    if (value != null) {
      return value;
    }
    if (!hasDefault) {
      throw WindlassException.invalid(
          "env_var: " + variable + " is not set in the server's environment; add a default_value");
    }
    return call.text("default_value");
  }

  /** Why it is not for prompts; null when it is. */
  private static @Nullable String secret(String variable, @Nullable String value) {
    if (SecretVariables.isSecret(variable) || SERVICE.matcher(variable).find()) {
      return "its name looks like a secret's";
    }
    return value != null && SecretVariables.holdsPassword(variable, value)
        ? "its value holds a password"
        : null;
  }
}
