"""What a door report does to the record: the outcome table of design.md as pure functions.

    (grant, outcome, evidence)  →  asset, door, loan, case, and what the person at the door is told
    take      take.py           taken · nothing taken · another thing taken · not opened · jammed · unresolved
    return    give_back.py      returned · nothing inside · another thing returned · weak evidence · unresolved
    service   service.py        a remote opening: what tags cannot settle is unconfirmed with the opener
    none      ungranted.py      forced, closed again without a grant
    any       ungranted.late    its door or its asset has moved on: recorded, a case, nothing moves by itself

Whatever the order in which the reports of a grant come in, and however often, they end in the same record (I9).
"""
