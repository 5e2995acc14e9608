CREATE INDEX execution_history ON execution (kind, name, created_at)
  WHERE parent IS NULL AND kind IN ('graph', 'workflow');
