"""Proof of non-use frees a door; time alone frees nothing (design.md, *What keeps the saga whole*)."""

from datetime import timedelta

import pytest

from tests.support.workplace import NOW, bank
from toolcrib.domain.doors import Door, Grant, GrantState, Purpose
from toolcrib.domain.lapse import Proof, lapse, unused
from toolcrib.domain.record import replace

EXPIRES = NOW + timedelta(seconds=30)
GRANT = Grant(
    id="l-1", purpose=Purpose.TAKE, state=GrantState.ISSUED, person="p-1", authorised_at=NOW, expires_at=EXPIRES, boot=3
)
PROOF = Proof(at=EXPIRES + timedelta(seconds=2), journal_depth=0, boot=3)


def proven(grant: Grant | None = GRANT, proof: Proof = PROOF, known_boot: int | None = None) -> bool:
    door = Door(bank="hq-01", number=1, grant=grant)
    return bool(unused(replace(bank(), boot=known_boot, doors=(door,)), proof))


def test_a_message_after_the_end_with_an_empty_journal_from_the_same_boot_is_proof() -> None:
    assert proven()


@pytest.mark.parametrize("state", sorted(set(GrantState) - {GrantState.ISSUED}))
def test_only_a_grant_of_which_nothing_was_heard_can_be_unused(state: GrantState) -> None:
    assert not proven(replace(GRANT, state=state))


@pytest.mark.parametrize(
    ("says", "proof"),
    [
        ("a report is out", replace(PROOF, journal_depth=1)),
        ("it was before the end", replace(PROOF, at=EXPIRES)),
        ("it was within the second that signatures are cut to", replace(PROOF, at=EXPIRES + timedelta(seconds=1))),
        ("it is of another boot", replace(PROOF, boot=4)),
    ],
)
def test_it_is_no_proof_when(says: str, proof: Proof) -> None:
    assert not proven(proof=proof), says


def test_another_boot_whose_boot_report_came_is_proof_enough() -> None:
    assert proven(proof=replace(PROOF, boot=4), known_boot=4)
    assert not proven(proof=replace(PROOF, boot=4), known_boot=5)


def test_a_longer_signature_has_to_end_first() -> None:
    assert not proven(replace(GRANT, expires_at=NOW + timedelta(seconds=60)))


def test_a_door_without_a_grant_has_nothing_to_free() -> None:
    assert not proven(None)
    with pytest.raises(ValueError, match="1"):
        lapse(Door(bank="hq-01", number=1), (), NOW)


def test_a_return_that_lapsed_frees_its_door_and_touches_nothing_else() -> None:
    grant = replace(GRANT, id="l-1.g", purpose=Purpose.RETURN)
    change = lapse(Door(bank="hq-01", number=1, grant=grant), (), NOW)
    assert [(door.version, door.grant and door.grant.state) for door in change.doors] == [(2, GrantState.LAPSED)]
    assert (change.loans, change.holdings, change.assets) == ((), (), ())
