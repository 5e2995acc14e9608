CREATE TABLE memory_state (
  owner      TEXT   NOT NULL,
  scope      TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  value      TEXT   NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner, scope, name)
);

CREATE TABLE memory_chunk (
  id         BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner      TEXT    NOT NULL,
  collection TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  position   INTEGER NOT NULL,
  text       TEXT    NOT NULL,
  plain      TEXT    NOT NULL,
  model      TEXT,
  vector     BYTEA,
  created_at BIGINT  NOT NULL,
  words      TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', plain)) STORED
);
CREATE INDEX memory_chunk_of_source ON memory_chunk (owner, collection, source);
CREATE INDEX memory_chunk_of_model ON memory_chunk (owner, collection, model, id);
CREATE INDEX memory_chunk_words ON memory_chunk USING gin (words);

CREATE TABLE memory_answer (
  owner      TEXT   NOT NULL,
  scope      TEXT   NOT NULL,
  hash       TEXT   NOT NULL,
  query      TEXT   NOT NULL,
  value      TEXT   NOT NULL,
  model      TEXT,
  vector     BYTEA,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (owner, scope, hash)
);

CREATE TABLE memory_triple (
  owner      TEXT   NOT NULL,
  scope      TEXT   NOT NULL,
  hash       TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  predicate  TEXT   NOT NULL,
  object     TEXT   NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner, scope, hash)
);
CREATE INDEX memory_triple_by_subject ON memory_triple (owner, scope, subject);
