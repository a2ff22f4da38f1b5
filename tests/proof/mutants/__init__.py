"""Mutation testing: decisions, command checks, transitions and keys, altered one by one; a test has to notice (G14)."""
