"""Toolcrib: badge, door, loan. Imports point down only: flows → {domain, store, send}, store → domain, send → domain."""

__version__ = "0.1.0"
