"""What a bank did while it could not ask (design.md, *Offline*; rules.md, law 4).

It is applied where the record still has everything as the bank saw it. Where it does not, the record is not written
over: what it speaks of is unconfirmed, and one case keeps both claims (safety.md, I12).
"""
