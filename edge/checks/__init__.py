"""Is everything there that a bank needs? Each check says what is well, or what to do."""
