"""Decisions that only the API asks for: pure, as those of the core layer are, which is for what several share."""
