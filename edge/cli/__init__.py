"""The `toolcrib-bank` command: everything that is done on a board."""
