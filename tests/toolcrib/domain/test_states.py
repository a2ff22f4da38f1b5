"""The state machine: one table, absence is refusal; what the hardware saw is never refused (design.md, *States*)."""

from itertools import product

import pytest

from toolcrib.domain.refusals import WrongState
from toolcrib.domain.states import AT_DOOR, ELSEWHERE, INTENTIONS, REPORTS, TRANSITIONS, Move, State, step

SAW = {
    Move.TAKEN,
    Move.NOT_TAKEN,
    Move.RETURNED,
    Move.NOT_RETURNED,
    Move.SEEN,
    Move.NOT_SEEN,
    Move.FORCED,
    Move.UNRESOLVED,
    Move.RECONCILED,
}

DESIGN = """
stow:             stored in_repair unconfirmed missing     -> stowed
unstow:           stowed                                   -> stored
hand_over:        on_loan                                  -> on_loan
send_to_repair:   stowed stored unconfirmed                -> in_repair
repaired:         in_repair                                -> stored
claim_returned:   on_loan                                  -> unconfirmed
disown:           on_loan                                  -> unconfirmed
declare_missing:  unconfirmed stored                       -> missing
declare_lost:     on_loan missing unconfirmed              -> lost
found:            missing lost unconfirmed                 -> stored
retire:           stored in_repair missing lost            -> retired
still_out:        unconfirmed                              -> on_loan
"""
"""The left half of design.md's table as it stands there, and what a claim that was not true comes to (`still_out`)."""

RECORDED = """
taken:            stowed unconfirmed                       -> on_loan
not_taken:        stowed                                   -> stowed
returned:         on_loan unconfirmed missing lost         -> stowed
not_returned:     on_loan                                  -> on_loan
seen:             stowed                                   -> stowed
reconciled:       stowed unconfirmed                       -> stowed
"""
"""The right half, and what tags at rest mend by themselves (`reconciled`); whatever it does not name is unconfirmed."""


def rows(table: str) -> dict[tuple[State, Move], State]:
    found = {}
    for line in table.strip().splitlines():
        move, _, rest = line.partition(":")
        sources, _, target = rest.partition("->")
        found |= {(State(source), Move(move)): State(target.strip()) for source in sources.split()}
    return found


def test_intentions_are_the_designs_and_no_others() -> None:
    assert rows(DESIGN) == INTENTIONS


@pytest.mark.parametrize(("state", "move"), sorted(set(product(State, Move)) - TRANSITIONS.keys()))
def test_every_move_outside_the_table_is_refused_with_both_halves(state: State, move: Move) -> None:
    with pytest.raises(WrongState) as refused:
        step(state, move)
    assert (refused.value.state, refused.value.move) == (state, move)
    assert state in refused.value.detail
    assert move in refused.value.detail


@pytest.mark.parametrize(("state", "move"), sorted(product(State, sorted(SAW))))
def test_a_report_is_accepted_from_every_state_and_contradiction_is_unconfirmed(state: State, move: Move) -> None:
    assert step(state, move) is rows(RECORDED).get((state, move), State.UNCONFIRMED)


def test_reports_and_intentions_do_not_overlap() -> None:
    assert not INTENTIONS.keys() & REPORTS.keys()
    assert {move for _, move in REPORTS} == SAW


def test_nothing_falls_back_to_stowed_but_by_a_proof_or_somebodys_word() -> None:
    into = {move for (state, move), to in TRANSITIONS.items() if to is State.STOWED and state is not State.STOWED}
    assert into == {Move.STOW, Move.RETURNED, Move.RECONCILED}


def test_what_is_repaired_in_its_door_is_stowed_there_and_nowhere_else() -> None:
    assert step(State.IN_REPAIR, Move.REPAIRED, at_door=True) is State.STOWED
    assert step(State.IN_REPAIR, Move.REPAIRED) is State.STORED
    assert AT_DOOR.keys() <= TRANSITIONS.keys()


def test_what_is_seen_elsewhere_than_where_it_is_stowed_is_unconfirmed() -> None:
    assert step(State.STOWED, Move.SEEN, elsewhere=True) is State.UNCONFIRMED
    assert step(State.STOWED, Move.SEEN) is State.STOWED
    assert ELSEWHERE.keys() <= TRANSITIONS.keys()


@pytest.mark.parametrize("state", [State.RETIRED])
def test_what_is_retired_stays_so_whatever_anybody_wants(state: State) -> None:
    assert not [move for source, move in INTENTIONS if source is state]
