"""Making state anew from the ledger (safety.md, threat 35): what is proven, what is doubted, and what follows.

The ledger knows custody: of an asset its state, custodian, loan, unsettling grant, case, version and head; which assets
lie in a door and since when; which loans run and how they ended. It does not know descriptions (names, types, serial
numbers, tags), the terms of loans, people, rules, banks: those are copied from the state table there is, and what that
lost is named as lost. Descriptions stay out of the ledger on purpose: they are edited without moving anything, and free
text may name people, which what can never be deleted must not.

Where the state table knows of more than the ledger proves (an event was lost), nobody is believed: the asset becomes
`unconfirmed`, last seen where the later claim says, by one event more and with a case (rules.md, law 4).
"""
