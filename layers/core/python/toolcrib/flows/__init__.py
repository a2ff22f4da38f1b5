"""One use case per module: load, decide, commit, send."""
