package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.TestStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that send what cannot be read are closed, and leave nothing in the log. */
final class GarbageSocketTest {
  private static final List<String> FRAMES =
      List.of(
          "42/executions,[\"x\"",
          "42[\"join_execution\",{",
          "43/executions,1{]",
          "40/executions,{x");

  @TempDir Path folder;

  @Test
  void closesASocketThatSendsGarbage_andLogsNothingOfIt() throws Exception {
    var limits = new ComputeConfig.Limits(100_000, 50, 100);
    var heard = new Heard();
    Logger library = Logger.getLogger("io.socket");
    library.addHandler(heard);
    try (var server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of());
        HttpClient client = HttpClient.newHttpClient()) {
      for (String frame : FRAMES) {
        var closed = new CompletableFuture<Void>();
        WebSocket socket =
            client
                .newWebSocketBuilder()
                .buildAsync(
                    URI.create(
                        server
                            .url("/socket.io/?EIO=4&transport=websocket")
                            .replace("http:", "ws:")),
                    new Closing(closed))
                .get(10, TimeUnit.SECONDS);
        socket.sendText("40/executions,", true).get(10, TimeUnit.SECONDS);
        socket.sendText(frame, true).get(10, TimeUnit.SECONDS);
        closed.get(10, TimeUnit.SECONDS);
      }
      String poll = server.url("/socket.io/?EIO=4&transport=polling");
      String opened = send(client, HttpRequest.newBuilder(URI.create(poll))).body();
      String sid = opened.replaceAll(".*\"sid\": *\"([^\"]+)\".*", "$1");
      for (String frame : FRAMES) {
        var post =
            HttpRequest.newBuilder(URI.create(poll + "&sid=" + sid))
                .POST(BodyPublishers.ofString(frame));
        assertThat(send(client, post).statusCode()).as(frame).isEqualTo(400);
      }
      assertThat(heard.messages).isEmpty();
    } finally {
      library.removeHandler(heard);
    }
  }

  @Test
  void saysThatTheTransportIsMissing() throws Exception {
    var limits = new ComputeConfig.Limits(100_000, 50, 100);
    try (var server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of());
        HttpClient client = HttpClient.newHttpClient()) {
      for (String query : List.of("", "?EIO=4")) {
        HttpResponse<String> answer =
            send(client, HttpRequest.newBuilder(URI.create(server.url("/socket.io/" + query))));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("Transport unknown");
      }
      String twice = server.url("/socket.io/?EIO=4&EIO=4");
      assertThat(send(client, HttpRequest.newBuilder(URI.create(twice))).body())
          .contains("Socket.IO")
          .doesNotContain("escape");
    }
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private record Closing(CompletableFuture<Void> closed) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(null);
      return WebSocket.Listener.super.onClose(socket, status, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.complete(null);
    }
  }

  private static final class Heard extends Handler {
    private final ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();

    @Override
    public void publish(LogRecord record) {
      messages.add(record.getLevel() + " " + record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
