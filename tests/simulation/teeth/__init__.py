"""Bugs planted on purpose: a simulator that does not find them has no teeth (safety.md, *Planted bugs*)."""
