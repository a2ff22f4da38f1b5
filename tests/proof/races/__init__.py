"""Whoever wants the same thing at the same moment on MiniStack: one gets it, all are answered (safety.md, G5)."""
