package io.windlass.surface.chains;

import io.windlass.kernel.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Calls of the chains surface; all cases share one server. */
abstract class ChainsCase {
  static final String GREET =
      """
      name: Greeting
      description: greets
      version: "1.2"
      inputs:
        - name: who
      steps:
        - id: greet
          prompt: say Hello {input.who}
          output_var: greeting
      output: greeting
      """;
  static final String GATED =
      """
      name: Gated
      steps:
        - id: ask
          type: gate
          prompt: Go on?
          output_var: answer
        - id: after
          prompt: say went on
          output_var: text
          depends_on: [ask]
      output: text
      """;

  final ChainsServer server;

  ChainsCase(ChainsServer server) {
    this.server = server;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static String error(HttpResponse<String> response) {
    return Json.read(response.body()).path("error").asString();
  }
}
