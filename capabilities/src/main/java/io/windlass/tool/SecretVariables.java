package io.windlass.tool;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Tells which variables of the server's environment are secrets: by their names, and by URLs that
 * hold a password.
 */
public final class SecretVariables {
  private static final Pattern NAME =
      Pattern.compile(
          "KEY|SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|AUTH(?!OR)|PRIVATE|COOKIE|SESSION|SIGNATURE|SALT"
              + "|CERT|DSN|CONNECTION_STRING|CONN_STR|BEARER|WEBHOOK|PASS$|PWD_|_PWD$|_PAT$"
              + "|(?:DATABASE|DB|REDIS|MONGO\\w*|POSTGRES\\w*|MYSQL|AMQP|RABBITMQ|KAFKA)\\w*_UR[IL]",
          Pattern.CASE_INSENSITIVE);

  /** These only sound so; without them git, TLS or a desktop's programs would not work. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "GIT_(?:CONFIG_\\w+|ASKPASS|SSL_\\w+|PROXY_SSL_\\w+|HTTP_PROXY_AUTHMETHOD)"
              + "|SSH_(?:AUTH_SOCK|ASKPASS(?:_REQUIRE)?)|\\w*CERT(?:IFICATE)?S?_(?:FILE|DIR|PATH)"
              + "|NODE_EXTRA_CA_CERTS|PIP_CERT|XDG_SESSION_\\w+|DBUS_SESSION_BUS_ADDRESS"
              + "|DESKTOP_SESSION|SESSION_MANAGER",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern URL_NAME =
      Pattern.compile("(?:_|^)UR[IL]$", Pattern.CASE_INSENSITIVE);

  private static final Pattern PASSWORD = Pattern.compile("://[^/@\\s]*:[^/@\\s]+@");

  private SecretVariables() {}

  /** Whether a name is one of a secret, whatever its value is. */
  static boolean isSecret(String name) {
    return NAME.matcher(name).find();
  }

  /** Whether a variable is kept from programs that run for steps. */
  public static boolean isSecret(String name, String value) {
    return (isSecret(name) && !HARMLESS.matcher(name).matches()) || holdsPassword(name, value);
  }

  /** Proxies are not meant: without them nothing could be reached. */
  static boolean holdsPassword(String name, String value) {
    return URL_NAME.matcher(name).find() && PASSWORD.matcher(value).find();
  }

  /**
   * An environment without its secrets.
   *
   * @param passed names of variables that stay all the same
   */
  public static Map<String, String> without(Map<String, String> environment, Set<String> passed) {
    Map<String, String> left = new TreeMap<>(environment);
    left.entrySet()
        .removeIf(one -> !passed.contains(one.getKey()) && isSecret(one.getKey(), one.getValue()));
    return left;
  }
}
