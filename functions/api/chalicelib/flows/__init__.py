"""What only the API carries out, one use case per module: load, decide, commit, send."""
