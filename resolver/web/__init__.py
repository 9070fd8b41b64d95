"""The pages that a person looks at: server-rendered, without script, without a foreign host."""
