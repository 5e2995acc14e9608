package io.windlass.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import org.jspecify.annotations.Nullable;

/**
 * A response body that can be closed by who never got the response: a send that is interrupted just
 * as the head arrives throws, and would leave the connection open.
 */
final class OpenedBody implements HttpResponse.BodyHandler<InputStream> {
  private @Nullable InputStream body;
  private boolean abandoned;

  @Override
  public BodySubscriber<InputStream> apply(HttpResponse.ResponseInfo head) {
    BodySubscriber<InputStream> subscriber = BodySubscribers.ofInputStream();
    subscriber.getBody().thenAccept(this::opened);
    return subscriber;
  }

  private synchronized void opened(InputStream opened) {
    body = opened;
    if (abandoned) {
      abandon();
    }
  }

  /** Closes the body, now or when it opens. */
  synchronized void abandon() {
    abandoned = true;
    if (body != null) {
      try {
        body.close();
      } catch (IOException e) {
        // It is of no use to anybody, open or not.
      }
    }
  }
}
