CREATE TABLE definition_version (
  id          UUID    NOT NULL PRIMARY KEY,
  kind        TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  version     BIGINT NOT NULL,
  source      TEXT    NOT NULL,
  outline     TEXT,
  fault       TEXT,
  created_at  BIGINT NOT NULL,
  UNIQUE (kind, name, version)
);

CREATE TABLE definition (
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  version_id  UUID NOT NULL REFERENCES definition_version (id),
  PRIMARY KEY (kind, name)
);

CREATE TABLE execution (
  id            UUID    NOT NULL PRIMARY KEY,
  public_id     TEXT    NOT NULL UNIQUE,
  kind          TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  version_id    UUID    NOT NULL,
  origin        TEXT    NOT NULL,
  owner         TEXT    NOT NULL,
  status        TEXT    NOT NULL,
  input         TEXT    NOT NULL,
  result        TEXT,
  error         TEXT,
  steps         TEXT,
  model         TEXT,
  input_tokens  BIGINT NOT NULL DEFAULT 0,
  output_tokens BIGINT NOT NULL DEFAULT 0,
  cost_usd      TEXT,
  created_at    BIGINT NOT NULL,
  finished_at   BIGINT,
  parent        UUID,
  parent_key    TEXT,
  depth         BIGINT NOT NULL DEFAULT 0,
  rerun_of      UUID,
  after_run     UUID,
  admission     TEXT,
  epoch         BIGINT NOT NULL,
  node          TEXT,
  wake_at       BIGINT,
  cancel_by     TEXT
);
CREATE INDEX execution_active ON execution (status, node)
  WHERE status IN ('QUEUED', 'RUNNING', 'WAITING');
CREATE INDEX execution_due ON execution (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX execution_by_parent ON execution (parent, parent_key) WHERE parent IS NOT NULL;
CREATE INDEX execution_after ON execution (after_run) WHERE after_run IS NOT NULL;
CREATE INDEX execution_to_cancel ON execution (node) WHERE cancel_by IS NOT NULL;

CREATE TABLE journal (
  execution UUID    NOT NULL,
  first     BIGINT NOT NULL,
  count     INTEGER NOT NULL,
  at        BIGINT NOT NULL,
  events    TEXT    NOT NULL,
  PRIMARY KEY (execution, first)
);

CREATE TABLE idempotency (
  owner      TEXT    NOT NULL,
  key        TEXT    NOT NULL,
  execution  UUID    NOT NULL,
  request    TEXT    NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner, key)
);

CREATE TABLE approval (
  id                   UUID    NOT NULL PRIMARY KEY,
  execution            UUID    NOT NULL,
  public_id            TEXT    NOT NULL,
  definition_kind      TEXT    NOT NULL,
  definition_name      TEXT    NOT NULL,
  owner                TEXT    NOT NULL,
  step                 TEXT    NOT NULL,
  key                  TEXT    NOT NULL,
  kind                 TEXT    NOT NULL,
  prompt               TEXT    NOT NULL,
  options              TEXT    NOT NULL,
  requested_at         BIGINT NOT NULL,
  execution_started_at BIGINT NOT NULL,
  expires_at           BIGINT,
  on_expiry            TEXT,
  choice               TEXT,
  decided_by           TEXT,
  decided_from         TEXT,
  reason               TEXT,
  decided_at           BIGINT
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
  enabled            BIGINT NOT NULL,
  overlap            TEXT    NOT NULL,
  misfire            TEXT    NOT NULL,
  lateness_ms        BIGINT NOT NULL,
  owner              TEXT    NOT NULL,
  created_at         BIGINT NOT NULL,
  last_run_at        BIGINT,
  last_run           UUID,
  last_run_public_id TEXT,
  next_run_at        BIGINT
);

CREATE TABLE scheduled_tasks (
  task_name            TEXT      NOT NULL,
  task_instance        TEXT      NOT NULL,
  task_data            BYTEA,
  execution_time       TIMESTAMPTZ NOT NULL,
  picked               BOOLEAN   NOT NULL,
  picked_by            TEXT,
  last_success         TIMESTAMPTZ,
  last_failure         TIMESTAMPTZ,
  consecutive_failures BIGINT,
  last_heartbeat       TIMESTAMPTZ,
  version              BIGINT   NOT NULL,
  priority             BIGINT,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
