"""The rules about taking, a module a row of rules.md: each judges one question (`rules.py` has their order)."""
