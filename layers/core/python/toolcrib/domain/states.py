"""The state machine of an asset: one table, absence is refusal (design.md, *States*).

Intentions (`INTENTIONS`) are what people and admins want; outside the table they are refused.
Reports (`REPORTS`) are what the hardware saw; they are accepted from every state, and where they
contradict the record the asset becomes `unconfirmed` and a case is opened (rules.md, law 4).
"""

from enum import StrEnum
from itertools import product
from typing import Final

from toolcrib.domain.refusals import WrongState


class State(StrEnum):
    """Who has an asset, in one word."""

    STORED = "stored"
    STOWED = "stowed"
    ON_LOAN = "on_loan"
    UNCONFIRMED = "unconfirmed"
    IN_REPAIR = "in_repair"
    MISSING = "missing"
    LOST = "lost"
    RETIRED = "retired"


class Move(StrEnum):
    """What can happen to an asset; each move that is applied is one custody event."""

    CREATE = "create"
    STOW = "stow"
    UNSTOW = "unstow"
    HAND_OVER = "hand_over"
    SEND_TO_REPAIR = "send_to_repair"
    REPAIRED = "repaired"
    CLAIM_RETURNED = "claim_returned"
    STILL_OUT = "still_out"
    DISOWN = "disown"
    DECLARE_MISSING = "declare_missing"
    DECLARE_LOST = "declare_lost"
    FOUND = "found"
    RETIRE = "retire"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    RETURNED = "returned"
    NOT_RETURNED = "not_returned"
    SEEN = "seen"
    NOT_SEEN = "not_seen"
    FORCED = "forced"
    UNRESOLVED = "unresolved"
    RECONCILED = "reconciled"


_S, _M = State, Move

INTENTIONS: Final[dict[tuple[State, Move], State]] = {
    (_S.STORED, _M.STOW): _S.STOWED,
    (_S.IN_REPAIR, _M.STOW): _S.STOWED,
    (_S.UNCONFIRMED, _M.STOW): _S.STOWED,
    (_S.MISSING, _M.STOW): _S.STOWED,
    (_S.STOWED, _M.UNSTOW): _S.STORED,
    (_S.ON_LOAN, _M.HAND_OVER): _S.ON_LOAN,
    (_S.STOWED, _M.SEND_TO_REPAIR): _S.IN_REPAIR,
    (_S.STORED, _M.SEND_TO_REPAIR): _S.IN_REPAIR,
    (_S.UNCONFIRMED, _M.SEND_TO_REPAIR): _S.IN_REPAIR,
    (_S.IN_REPAIR, _M.REPAIRED): _S.STORED,
    (_S.ON_LOAN, _M.CLAIM_RETURNED): _S.UNCONFIRMED,
    (_S.UNCONFIRMED, _M.STILL_OUT): _S.ON_LOAN,
    (_S.ON_LOAN, _M.DISOWN): _S.UNCONFIRMED,
    (_S.UNCONFIRMED, _M.DECLARE_MISSING): _S.MISSING,
    (_S.STORED, _M.DECLARE_MISSING): _S.MISSING,
    (_S.ON_LOAN, _M.DECLARE_LOST): _S.LOST,
    (_S.MISSING, _M.DECLARE_LOST): _S.LOST,
    (_S.UNCONFIRMED, _M.DECLARE_LOST): _S.LOST,
    (_S.MISSING, _M.FOUND): _S.STORED,
    (_S.LOST, _M.FOUND): _S.STORED,
    (_S.UNCONFIRMED, _M.FOUND): _S.STORED,
    (_S.STORED, _M.RETIRE): _S.RETIRED,
    (_S.IN_REPAIR, _M.RETIRE): _S.RETIRED,
    (_S.MISSING, _M.RETIRE): _S.RETIRED,
    (_S.LOST, _M.RETIRE): _S.RETIRED,
}
"""`DISOWN` is the person's own «I did not take it» within 60 s: the loan is closed without blame. `STILL_OUT` says that
what was claimed to be back, or in doubt otherwise, is with the person of its open loan after all."""

_AS_RECORDED: Final[dict[tuple[State, Move], State]] = {
    (_S.STOWED, _M.TAKEN): _S.ON_LOAN,
    (_S.UNCONFIRMED, _M.TAKEN): _S.ON_LOAN,
    (_S.STOWED, _M.NOT_TAKEN): _S.STOWED,
    (_S.ON_LOAN, _M.RETURNED): _S.STOWED,
    (_S.UNCONFIRMED, _M.RETURNED): _S.STOWED,
    (_S.MISSING, _M.RETURNED): _S.STOWED,
    (_S.LOST, _M.RETURNED): _S.STOWED,
    (_S.ON_LOAN, _M.NOT_RETURNED): _S.ON_LOAN,
    (_S.STOWED, _M.SEEN): _S.STOWED,
    (_S.STOWED, _M.RECONCILED): _S.STOWED,
    (_S.UNCONFIRMED, _M.RECONCILED): _S.STOWED,
}
"""`RECONCILED` is the repair that tags at rest make by themselves (healing/relocating.py)."""
_REPORT_MOVES: Final = (
    _M.TAKEN,
    _M.NOT_TAKEN,
    _M.RETURNED,
    _M.NOT_RETURNED,
    _M.SEEN,
    _M.NOT_SEEN,
    _M.FORCED,
    _M.UNRESOLVED,
    _M.RECONCILED,
)

REPORTS: Final[dict[tuple[State, Move], State]] = {
    pair: _AS_RECORDED.get(pair, _S.UNCONFIRMED) for pair in product(State, _REPORT_MOVES)
}

TRANSITIONS: Final[dict[tuple[State, Move], State]] = {**INTENTIONS, **REPORTS}


AT_DOOR: Final[dict[tuple[State, Move], State]] = {(_S.IN_REPAIR, _M.REPAIRED): _S.STOWED}
"""Where these moves leave an asset in its door, they lead elsewhere: what was repaired is stowed where it is."""

ELSEWHERE: Final[dict[tuple[State, Move], State]] = {(_S.STOWED, _M.SEEN): _S.UNCONFIRMED}
"""Where these reports name another place than the record does, they contradict it: seen, but not as recorded."""


def step(state: State, move: Move, *, at_door: bool = False, elsewhere: bool = False) -> State:
    """Return the state that `move` leads to; raises `WrongState` for an intention outside the table.

    `at_door` says that the custodian after the move is a door, `elsewhere` that it is not the one before.
    """
    if at_door and (state, move) in AT_DOOR:
        return AT_DOOR[state, move]
    if elsewhere and (state, move) in ELSEWHERE:
        return ELSEWHERE[state, move]
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise WrongState(state=state, move=move) from None
