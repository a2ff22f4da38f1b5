"""Making the record anew from its ledger into fresh tables; what is read is never written (safety.md, threat 35)."""
