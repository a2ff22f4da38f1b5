"""How a board becomes a bank with a key it made itself, and stays one (docs/fleet.md)."""
