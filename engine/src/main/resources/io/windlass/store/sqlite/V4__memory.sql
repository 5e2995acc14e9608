CREATE TABLE memory_state (
  owner      TEXT    NOT NULL,
  scope      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner, scope, name)
);

CREATE TABLE memory_chunk (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  owner      TEXT    NOT NULL,
  collection TEXT    NOT NULL,
  source     TEXT    NOT NULL,
  position   INTEGER NOT NULL,
  text       TEXT    NOT NULL,
  plain      TEXT    NOT NULL,
  model      TEXT,
  vector     BLOB,
  created_at INTEGER NOT NULL
);
CREATE INDEX memory_chunk_of_source ON memory_chunk (owner, collection, source);
CREATE INDEX memory_chunk_of_model ON memory_chunk (owner, collection, model, id);

CREATE VIRTUAL TABLE memory_chunk_words
  USING fts5(plain, content = 'memory_chunk', content_rowid = 'id',
    tokenize = 'unicode61');

CREATE TRIGGER memory_chunk_added AFTER INSERT ON memory_chunk BEGIN
  INSERT INTO memory_chunk_words (rowid, plain) VALUES (new.id, new.plain);
END;

CREATE TRIGGER memory_chunk_removed AFTER DELETE ON memory_chunk BEGIN
  INSERT INTO memory_chunk_words (memory_chunk_words, rowid, plain)
    VALUES ('delete', old.id, old.plain);
END;

CREATE TABLE memory_answer (
  owner      TEXT    NOT NULL,
  scope      TEXT    NOT NULL,
  hash       TEXT    NOT NULL,
  query      TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  model      TEXT,
  vector     BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (owner, scope, hash)
);

CREATE TABLE memory_triple (
  owner      TEXT    NOT NULL,
  scope      TEXT    NOT NULL,
  hash       TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  predicate  TEXT    NOT NULL,
  object     TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner, scope, hash)
);
CREATE INDEX memory_triple_by_subject ON memory_triple (owner, scope, subject);
