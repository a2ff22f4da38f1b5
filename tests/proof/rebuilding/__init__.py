"""Verifying names whatever was done to the record, and rebuilding makes it anew from the ledger (threats 33 and 35)."""
