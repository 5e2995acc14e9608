package io.windlass.http;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A surface that answers with what it was sent, fails on demand, and streams. */
final class EchoSurface implements Surface {
  final CountDownLatch clientGone = new CountDownLatch(1);
  private final String name;
  private final Cors cors;

  EchoSurface(String name, Cors cors) {
    this.name = name;
    this.cors = cors;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Cors cors() {
    return cors;
  }

  @Override
  public ErrorRenderer errors() {
    return fault ->
        new ErrorRenderer.Body(
            fault.status(), "application/json", Json.tree(Map.of(name, fault.message())));
  }

  @Override
  public void routes(Routes routes) {
    routes
        .openGet("/open", context -> context.json(Map.of("open", true)))
        .get("/who/{name}", context -> context.json(Map.of("name", context.pathParam("name"))))
        .post("/echo", context -> context.json(RequestBody.object(context)))
        .get(
            "/bad",
            _ -> {
              throw WindlassException.wrongState("not now");
            })
        .get(
            "/bug",
            _ -> {
              throw new IllegalStateException("secret detail");
            })
        .post(
            "/slow",
            context -> {
              RequestBody.object(context);
              TimeUnit.MILLISECONDS.sleep(1_200);
              context.json(Map.of("slow", true));
            })
        .get("/overflow", _ -> overflow(0))
        .get(
            "/three",
            context -> {
              Sse sse = Sse.open(context);
              long from = Sse.lastEventId(context);
              for (long n = from + 1; n <= 3; n++) {
                sse.send(null, "{\"n\":" + n + "}", Long.toString(n));
              }
            })
        .get(
            "/endless",
            context -> {
              Sse sse = Sse.open(context);
              try {
                while (true) {
                  sse.comment("heartbeat");
                }
              } finally {
                clientGone.countDown();
              }
            });
  }

  private static int overflow(int n) {
    return n < 0 ? 0 : overflow(n + 1) + 1;
  }
}
