CREATE TABLE definition_version (
  id          BLOB    NOT NULL PRIMARY KEY,
  kind        TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  version     INTEGER NOT NULL,
  source      TEXT    NOT NULL,
  outline     TEXT,
  fault       TEXT,
  created_at  INTEGER NOT NULL,
  UNIQUE (kind, name, version)
);

CREATE TABLE definition (
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  version_id  BLOB NOT NULL REFERENCES definition_version (id),
  PRIMARY KEY (kind, name)
);

CREATE TABLE execution (
  id            BLOB    NOT NULL PRIMARY KEY,
  public_id     TEXT    NOT NULL UNIQUE,
  kind          TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  version_id    BLOB    NOT NULL,
  origin        TEXT    NOT NULL,
  owner         TEXT    NOT NULL,
  status        TEXT    NOT NULL,
  input         TEXT    NOT NULL,
  result        TEXT,
  error         TEXT,
  steps         TEXT,
  model         TEXT,
  input_tokens  INTEGER NOT NULL DEFAULT 0,
  output_tokens INTEGER NOT NULL DEFAULT 0,
  cost_usd      TEXT,
  created_at    INTEGER NOT NULL,
  finished_at   INTEGER,
  parent        BLOB,
  parent_key    TEXT,
  depth         INTEGER NOT NULL DEFAULT 0,
  rerun_of      BLOB,
  after_run     BLOB,
  admission     TEXT,
  epoch         INTEGER NOT NULL,
  node          TEXT,
  wake_at       INTEGER,
  cancel_by     TEXT
);
CREATE INDEX execution_active ON execution (status, node)
  WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX execution_due ON execution (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX execution_by_parent ON execution (parent, parent_key) WHERE parent IS NOT NULL;
CREATE INDEX execution_after ON execution (after_run) WHERE after_run IS NOT NULL;
CREATE INDEX execution_to_cancel ON execution (node) WHERE cancel_by IS NOT NULL;

CREATE TABLE journal (
  execution BLOB    NOT NULL,
  first     INTEGER NOT NULL,
  count     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  events    TEXT    NOT NULL,
  UNIQUE (execution, first)
);

CREATE TABLE idempotency (
  owner      TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  execution  BLOB    NOT NULL,
  request    TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner, key)
);

CREATE TABLE approval (
  id                   BLOB    NOT NULL PRIMARY KEY,
  execution            BLOB    NOT NULL,
  public_id            TEXT    NOT NULL,
  definition_kind      TEXT    NOT NULL,
  definition_name      TEXT    NOT NULL,
  owner                TEXT    NOT NULL,
  step                 TEXT    NOT NULL,
  key                  TEXT    NOT NULL,
  kind                 TEXT    NOT NULL,
  prompt               TEXT    NOT NULL,
  options              TEXT    NOT NULL,
  requested_at         INTEGER NOT NULL,
  execution_started_at INTEGER NOT NULL,
  expires_at           INTEGER,
  on_expiry            TEXT,
  choice               TEXT,
  decided_by           TEXT,
  decided_from         TEXT,
  reason               TEXT,
  decided_at           INTEGER
);
CREATE INDEX approval_open ON approval (id) WHERE decided_at IS NULL;
CREATE INDEX approval_of_execution ON approval (execution);
CREATE INDEX approval_expiry ON approval (expires_at)
  WHERE decided_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE schedule (
  id                 TEXT    NOT NULL PRIMARY KEY,
  label              TEXT    NOT NULL,
  kind               TEXT    NOT NULL,
  name               TEXT    NOT NULL,
  input              TEXT    NOT NULL,
  cron               TEXT    NOT NULL,
  zone               TEXT    NOT NULL,
  enabled            INTEGER NOT NULL,
  overlap            TEXT    NOT NULL,
  misfire            TEXT    NOT NULL,
  lateness_ms        INTEGER NOT NULL,
  owner              TEXT    NOT NULL,
  created_at         INTEGER NOT NULL,
  last_run_at        INTEGER,
  last_run           BLOB,
  last_run_public_id TEXT,
  next_run_at        INTEGER
);

CREATE TABLE scheduled_tasks (
  task_name            TEXT      NOT NULL,
  task_instance        TEXT      NOT NULL,
  task_data            BLOB,
  execution_time       TIMESTAMP NOT NULL,
  picked               BOOLEAN   NOT NULL,
  picked_by            TEXT,
  last_success         TIMESTAMP,
  last_failure         TIMESTAMP,
  consecutive_failures INTEGER,
  last_heartbeat       TIMESTAMP,
  version              INTEGER   NOT NULL,
  priority             INTEGER,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
