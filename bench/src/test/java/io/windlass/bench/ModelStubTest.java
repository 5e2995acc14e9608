package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ModelStubTest {

  @Test
  @Timeout(30)
  void holdsEveryCallUntilItIsToldToAnswer() throws IOException, InterruptedException {
    try (ModelStub model = new ModelStub();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(model.baseUrl() + "/chat/completions"))
              .POST(BodyPublishers.ofString("{\"model\":\"slow\",\"stream\":true}"))
              .build();
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(client.sendAsync(request, BodyHandlers.ofString()));
      }
      while (model.waiting() < 20) {
        Thread.onSpinWait();
      }
      assertThat(calls).noneMatch(CompletableFuture::isDone);
      model.release();
      for (var call : calls) {
        assertThat(call.join().body()).contains("\"content\":\"done\"").contains("[DONE]");
      }
      assertThat(model.calls()).isEqualTo(20);
    }
  }
}
