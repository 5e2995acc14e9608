CREATE TABLE step_cache (
  kind       TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  key        TEXT   NOT NULL,
  entry      TEXT   NOT NULL,
  size       BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (kind, name, key)
);
CREATE INDEX step_cache_expiry ON step_cache (expires_at);
CREATE INDEX step_cache_age ON step_cache (created_at);
