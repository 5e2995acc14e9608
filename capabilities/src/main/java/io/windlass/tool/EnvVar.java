package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The pre-tool {@code env_var}: a variable of the server's environment, unless its name looks like
 * a secret's, since the text goes into prompts, journals and logs.
 */
public final class EnvVar implements PreTool {
  private static final Pattern SECRET =
      Pattern.compile(
          "KEY|SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|AUTH(?!OR)|PRIVATE|COOKIE|SESSION|SIGNATURE|SALT"
              + "|CERT|DSN|CONNECTION_STRING|CONN_STR|BEARER|WEBHOOK|PASS$|PWD_|_PWD$|_PAT$"
              + "|^(?:AWS|GCP|GOOGLE|AZURE|GITHUB|GITLAB|NPM|DOCKER|SSH|GPG)_"
              + "|(?:DATABASE|DB|REDIS|MONGO\\w*|POSTGRES\\w*|MYSQL|AMQP|RABBITMQ|KAFKA)\\w*_UR[IL]",
          Pattern.CASE_INSENSITIVE);

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
    if (SECRET.matcher(variable).find()) {
      String refusal = "env_var refuses " + variable + ": its name looks like a secret's";
      if (!hasDefault) {
        throw new WindlassException(ErrorCode.FORBIDDEN, refusal);
      }
      call.context().log(LogLevel.WARN, refusal + "; default_value is used");
      return call.text("default_value");
    }
    String value = environment.get(variable);
    if (value != null) {
      return value;
    }
    if (!hasDefault) {
      throw WindlassException.invalid(
          "env_var: " + variable + " is not set in the server's environment; add a default_value");
    }
    return call.text("default_value");
  }
}
