package io.windlass.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests to other people's servers, kept away from inner addresses where asked to. */
public interface Http {
  /**
   * A request to be sent.
   *
   * @param url http or https
   * @param body null for none
   * @param inner whether the host may be one inside the own network: only where a setting, the
   *     chain's author or its starter named it
   */
  record Request(
      String method,
      String url,
      Map<String, String> headers,
      @Nullable String body,
      boolean inner) {
    public Request {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * What a server answered, of whatever status.
   *
   * @param body as text, cut at the limit
   */
  record Response(int status, String body) {
    public boolean succeeded() {
      return status >= 200 && status < 300;
    }
  }

  /**
   * Sends a request and follows redirects; an interrupt ends it.
   *
   * @param limit the most bytes of the answer to be read
   * @throws IOException when no answer came
   * @throws io.windlass.kernel.WindlassException INVALID_INPUT for an unusable URL, FORBIDDEN for
   *     an inner address
   */
  Response send(Request request, Duration timeout, int limit)
      throws IOException, InterruptedException;
}
