"""Toolcrib: badge, door, loan. Imports point down only: flows → {domain, store, send}, store → domain, send → domain."""
