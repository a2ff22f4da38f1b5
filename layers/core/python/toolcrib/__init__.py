"""Toolcrib: badge, door, loan. Imports point down only: flows → {domain, store, send}; store and send → domain."""

__version__ = "0.1.0"
