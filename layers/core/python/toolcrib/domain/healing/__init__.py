"""The record compared with what readers see at rest, and what is proposed or done about it (docs/supervisors.md)."""
