"""The `toolcrib` command."""
