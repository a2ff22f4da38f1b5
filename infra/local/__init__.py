"""The production templates on this machine's own AWS (MiniStack), with a sample workplace."""
