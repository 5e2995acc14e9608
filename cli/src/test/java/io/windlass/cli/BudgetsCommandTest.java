package io.windlass.cli;

import static io.windlass.cli.StubServer.answer;
import static io.windlass.cli.StubServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BudgetsCommandTest {
  private static final String BUDGET =
      """
      {"id": "b1", "label": "Reports", "owner": null, "kind": "chain", "name": "weekly",
       "unit": "usd", "limit": 0.00000015, "raise_by": 5, "window": "day", "at_cap": "ask",
       "current": {"from": "2026-11-22T00:00:00Z", "until": "2026-11-23T00:00:00Z", "cap": 5,
         "spent": 1.25, "reserved": 0.5, "remaining": 3.25},
       "waiting": 2, "created_by": "local", "created_at": "2026-11-22T08:00:00Z",
       "changes": [{"what": "raised", "period": "2026-11-22", "execution": null, "from": 1,
         "to": 5, "by": "ann", "reason": null, "at": "2026-11-22T09:00:00Z"},
         {"what": "created", "period": null, "execution": null, "from": null,
         "to": 1, "by": "local", "reason": null, "at": "2026-11-22T08:00:00Z"}]}\
      """;
  private final StubServer stub = new StubServer();

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void listsAndShowsBudgetsWithoutExponents() {
    stub.on(
            "GET /v1/budgets?limit=200",
            json(200, "{\"items\": [" + BUDGET + "], \"next_cursor\": null}"))
        .on("GET /v1/budgets/b1", json(200, BUDGET));

    assertThat(Shell.at(stub).run("budgets").out().lines().map(String::strip))
        .containsExactly(
            "ID  LABEL    LIMIT                 SPENT  RESERVED  LEFT  UNTIL                 AT CAP  WAIT",
            "b1  Reports  0.00000015 usd / day  1.25   0.5       3.25  2026-11-23T00:00:00Z  ask     2");
    assertThat(Shell.at(stub).run("budgets", "show", "b1").out())
        .contains("b1  Reports: 0.00000015 usd / day, 1.25 usd spent, 0.5 reserved, 3.25 left")
        .contains("2026-11-22T09:00:00Z  raised by ann from 1 to 5 in 2026-11-22")
        .contains("2026-11-22T08:00:00Z  created by local with 1\n");
  }

  @Test
  void makesChangesAndDeletesABudget() {
    stub.on("POST /v1/budgets", json(201, BUDGET))
        .on("PATCH /v1/budgets/b1", json(200, BUDGET))
        .on("DELETE /v1/budgets/b1", answer(204, "text/plain", ""));

    var made =
        Shell.at(stub)
            .run("budgets", "create", "--limit", "5", "--window", "day", "--kind", "chain");
    assertThat(made.exit()).isZero();
    assertThat(stub.request("POST /v1/budgets").json().toString())
        .contains("\"limit\":\"5\"", "\"window\":\"day\"", "\"kind\":\"chain\"");
    assertThat(Shell.at(stub).run("budgets", "create", "--window", "day").exit()).isEqualTo(2);
    assertThat(Shell.at(stub).run("budgets", "update", "b1", "--limit", "9").exit()).isZero();
    assertThat(stub.request("PATCH /v1/budgets/b1").body()).isEqualTo("{\"limit\":\"9\"}");
    assertThat(Shell.at(stub).run("budgets", "update", "b1").exit()).isEqualTo(2);
    assertThat(Shell.at(stub).run("budgets", "delete", "b1").out()).isEqualTo("deleted b1\n");
  }
}
