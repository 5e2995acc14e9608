CREATE TABLE generation (
  id         TEXT NOT NULL PRIMARY KEY,
  session    TEXT NOT NULL,
  outcome    TEXT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX generation_expiry ON generation (expires_at);
