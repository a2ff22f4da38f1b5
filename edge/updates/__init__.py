"""Software for the fleet: signed releases, two slots, and a way back (docs/fleet.md)."""
