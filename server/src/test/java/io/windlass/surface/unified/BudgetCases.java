package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets as records; what they do to runs is tried on the whole server. */
abstract class BudgetCases {
  @TempDir Path folder;
  private Database database;
  private UnifiedServer server;

  @BeforeEach
  void open() {
    database = Databases.sqlite(folder.resolve("test.db"));
    server = new UnifiedServer(Artifacts.NONE, () -> database);
  }

  @AfterEach
  void close() {
    server.close();
    database.close();
  }

  @Test
  void keepsChangesAndForgetsBudgets() {
    Answer made =
        server.post(
            "/v1/budgets",
            "{\"label\":\"Reports\",\"kind\":\"chain\",\"name\":\"weekly\",\"limit\":0.5,\"window\":\"day\"}");
    assertThat(made.status()).isEqualTo(201);
    String path = "/v1/budgets/" + made.at("/id");
    assertThat(made.header("Location")).isEqualTo(path);
    server.post("/v1/budgets", "{\"unit\":\"tokens\",\"limit\":1000,\"window\":\"total\"}");

    Answer first = server.get("/v1/budgets?limit=1");
    assertThat(first.json().path("items")).hasSize(1);
    assertThat(first.at("/items/0/label")).isEqualTo("Reports");
    Answer rest = server.get("/v1/budgets?limit=1&cursor=" + first.at("/next_cursor"));
    assertThat(rest.at("/items/0/unit")).isEqualTo("tokens");

    Answer changed = server.send("PATCH", path, "{\"limit\":2,\"at_cap\":\"fail\"}");
    assertThat(changed.at("/current/remaining")).isEqualTo("2");
    Answer one = server.get(path);
    assertThat(one.at("/at_cap")).isEqualTo("fail");
    assertThat(one.at("/changes/0/what")).isEqualTo("changed");
    assertThat(one.at("/changes/0/from")).isEqualTo("0.5");

    assertThat(server.send("DELETE", path, null).status()).isEqualTo(204);
    assertThat(server.get(path).status()).isEqualTo(404);
    assertThat(server.get(path).at("/code")).isEqualTo("BUDGET_NOT_FOUND");
  }

  @Test
  void namesEveryFaultOfADraft() {
    Answer refused =
        server.post("/v1/budgets", "{\"limit\":-1,\"window\":\"year\",\"unit\":\"euro\"}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("errors").toString()).contains("limit", "window", "unit");
    Answer unknown =
        server.post("/v1/budgets", "{\"limit\":1,\"window\":\"day\",\"kind\":\"grpah\"}");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.at("/detail")).contains("grpah", "there are chain, pipeline");
    assertThat(server.get("/v1/budgets/none").status()).isEqualTo(404);
  }
}
