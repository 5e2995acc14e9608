package io.windlass.model;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import org.jspecify.annotations.Nullable;

/**
 * A response as far as it has come, for who never got it whole: a send throws that is interrupted
 * or whose connection breaks just as the head arrives. Its body would be left open, and what it
 * brought be lost.
 */
final class OpenedBody implements HttpResponse.BodyHandler<InputStream> {
  private @Nullable Response response;
  private boolean abandoned;

  /**
   * @param head status and headers
   */
  record Response(HttpResponse.ResponseInfo head, ReceivedBody body) {}

  @Override
  public synchronized BodySubscriber<InputStream> apply(HttpResponse.ResponseInfo head) {
    ReceivedBody body = new ReceivedBody();
    response = new Response(head, body);
    if (abandoned) {
      body.close();
    }
    return body;
  }

  /** Ends what has come with this failure, unless it has ended before. */
  synchronized void brokenBy(Exception failure) {
    if (response != null) {
      response.body().onError(failure);
    }
  }

  /** What has come; null for nothing. */
  synchronized @Nullable Response response() {
    return response;
  }

  /** Closes the body, now or when it opens. */
  synchronized void abandon() {
    abandoned = true;
    if (response != null) {
      response.body().close();
    }
  }
}
