CREATE TABLE budget (
  id         UUID   NOT NULL PRIMARY KEY,
  label      TEXT   NOT NULL,
  owner      TEXT,
  kind       TEXT,
  name       TEXT,
  unit       TEXT   NOT NULL,
  cap        BIGINT NOT NULL,
  raise_by   BIGINT NOT NULL,
  span       TEXT   NOT NULL,
  at_cap     TEXT   NOT NULL,
  created_by TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE budget_window (
  budget     UUID   NOT NULL,
  period     TEXT   NOT NULL,
  extra      BIGINT NOT NULL DEFAULT 0,
  spent      BIGINT NOT NULL DEFAULT 0,
  reserved   BIGINT NOT NULL DEFAULT 0,
  touched_at BIGINT NOT NULL,
  PRIMARY KEY (budget, period)
);

CREATE TABLE budget_hold (
  call    UUID   NOT NULL,
  budget  UUID   NOT NULL,
  period  TEXT   NOT NULL,
  amount  BIGINT NOT NULL,
  process UUID   NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (call, budget)
);
CREATE INDEX budget_hold_seen ON budget_hold (seen_at);
CREATE INDEX budget_hold_of_process ON budget_hold (process);

CREATE TABLE budget_pass (
  budget    UUID   NOT NULL,
  execution UUID   NOT NULL,
  given_by  TEXT   NOT NULL,
  given_at  BIGINT NOT NULL,
  PRIMARY KEY (budget, execution)
);
CREATE INDEX budget_pass_of_execution ON budget_pass (execution);

CREATE TABLE budget_change (
  id        UUID   NOT NULL PRIMARY KEY,
  budget    UUID   NOT NULL,
  what      TEXT   NOT NULL,
  period    TEXT,
  execution UUID,
  old_cap   BIGINT,
  new_cap   BIGINT,
  by_whom   TEXT   NOT NULL,
  reason    TEXT,
  at        BIGINT NOT NULL
);
CREATE INDEX budget_change_of_budget ON budget_change (budget, id);

CREATE TABLE budget_wait (
  execution UUID   NOT NULL,
  step      TEXT   NOT NULL,
  key       TEXT   NOT NULL,
  budget    UUID   NOT NULL,
  period    TEXT   NOT NULL,
  need      BIGINT,
  raise_by  BIGINT NOT NULL,
  asked_at  BIGINT NOT NULL,
  woken_at  BIGINT,
  PRIMARY KEY (execution, step, key)
);
CREATE INDEX budget_wait_of_budget ON budget_wait (budget, asked_at);
