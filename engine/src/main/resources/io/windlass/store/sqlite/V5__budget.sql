CREATE TABLE budget (
  id         BLOB   NOT NULL PRIMARY KEY,
  label      TEXT   NOT NULL,
  owner      TEXT,
  kind       TEXT,
  name       TEXT,
  unit       TEXT   NOT NULL,
  cap        INTEGER NOT NULL,
  raise_by   INTEGER NOT NULL,
  span       TEXT   NOT NULL,
  at_cap     TEXT   NOT NULL,
  created_by TEXT   NOT NULL,
  created_at INTEGER NOT NULL
);

CREATE TABLE budget_window (
  budget     BLOB   NOT NULL,
  period     TEXT   NOT NULL,
  extra      INTEGER NOT NULL DEFAULT 0,
  spent      INTEGER NOT NULL DEFAULT 0,
  reserved   INTEGER NOT NULL DEFAULT 0,
  touched_at INTEGER NOT NULL,
  PRIMARY KEY (budget, period)
);

CREATE TABLE budget_hold (
  call    BLOB   NOT NULL,
  budget  BLOB   NOT NULL,
  period  TEXT   NOT NULL,
  amount  INTEGER NOT NULL,
  process BLOB   NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (call, budget)
);
CREATE INDEX budget_hold_seen ON budget_hold (seen_at);
CREATE INDEX budget_hold_of_process ON budget_hold (process);

CREATE TABLE budget_pass (
  budget    BLOB   NOT NULL,
  execution BLOB   NOT NULL,
  given_by  TEXT   NOT NULL,
  given_at  INTEGER NOT NULL,
  PRIMARY KEY (budget, execution)
);
CREATE INDEX budget_pass_of_execution ON budget_pass (execution);

CREATE TABLE budget_change (
  id        BLOB   NOT NULL PRIMARY KEY,
  budget    BLOB   NOT NULL,
  what      TEXT   NOT NULL,
  period    TEXT,
  execution BLOB,
  old_cap   INTEGER,
  new_cap   INTEGER,
  by_whom   TEXT   NOT NULL,
  reason    TEXT,
  at        INTEGER NOT NULL
);
CREATE INDEX budget_change_of_budget ON budget_change (budget, id);

CREATE TABLE budget_wait (
  execution BLOB   NOT NULL,
  step      TEXT   NOT NULL,
  key       TEXT   NOT NULL,
  budget    BLOB   NOT NULL,
  period    TEXT   NOT NULL,
  need      INTEGER,
  raise_by  INTEGER NOT NULL,
  asked_at  INTEGER NOT NULL,
  woken_at  INTEGER,
  PRIMARY KEY (execution, step, key)
);
CREATE INDEX budget_wait_of_budget ON budget_wait (budget, asked_at);
