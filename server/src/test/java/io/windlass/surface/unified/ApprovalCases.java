package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.kernel.ExecutionId;
import io.windlass.surface.unified.UnifiedServer.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Approvals. */
abstract class ApprovalCases extends UnifiedCase {
  @Test
  void decidesOnceAndTellsTheLaterOneWhoWas() {
    ExecutionId id = ExecutionId.parse(server.start());
    Approval asked =
        server.approvals.ask(server.executions.get(id), "local", List.of("approve", "reject"));
    String path = "/v1/approvals/" + asked.id();
    assertThat(server.get("/v1/approvals").at("/items/0/id")).isEqualTo(asked.id().toString());
    assertThat(server.get("/v1/approvals?kind=pipeline").json().path("items")).isEmpty();

    assertThat(server.post(path + "/decide", "{}").at("/errors/0/path")).isEqualTo("choice");
    assertThat(server.post(path + "/decide", "{\"choice\":\"maybe\"}").at("/detail"))
        .contains("'maybe' is not one of approve, reject");
    assertThat(server.post(path + "/decide", "{\"choice\":\"reject\",\"approved\":true}").status())
        .isEqualTo(400);
    Answer first = server.post(path + "/decide", "{\"approved\":false,\"reason\":\"too dear\"}");
    Answer second = server.post(path + "/decide", "{\"choice\":\"approve\"}");

    assertThat(first.at("/decision/choice")).isEqualTo("reject");
    assertThat(first.at("/decision/from")).isEqualTo("unified");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.at("/code")).isEqualTo("ALREADY_DECIDED");
    assertThat(second.at("/decision/reason")).isEqualTo("too dear");
    assertThat(server.get(path).at("/status")).isEqualTo("decided");
    assertThat(server.get("/v1/approvals").json().path("items")).isEmpty();
    assertThat(server.get("/v1/approvals?status=decided").json().path("items")).hasSize(1);
    assertThat(server.get("/v1/approvals?status=all").json().path("items")).hasSize(1);
    assertThat(server.get("/v1/approvals?status=some").status()).isEqualTo(400);
  }

  @Test
  void takesTheOptionsOfTheQuestion_whenOnlyConsentIsSaid() {
    ExecutionId id = ExecutionId.parse(server.start());
    Approval asked =
        server.approvals.ask(server.executions.get(id), "local", List.of("repeat", "done", "fail"));

    assertThat(
            server
                .post("/v1/approvals/" + asked.id() + "/decide", "{\"approved\":false}")
                .at("/decision/choice"))
        .isEqualTo("fail");
  }
}
