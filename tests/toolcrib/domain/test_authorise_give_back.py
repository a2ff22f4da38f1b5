"""What is put on record before a door opens for a return: who has to countersign, all parts of a kit, the answers."""

from typing import Any

import pytest

from tests.support.questions import CABLE, GUARD
from tests.support.workplace import NOW
from tests.toolcrib.domain.test_authorise import DOOR, ask
from toolcrib.domain.authorise import give_back
from toolcrib.domain.authorisers import Authoriser
from toolcrib.domain.change import Change
from toolcrib.domain.doors import COMMAND_LIFE, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import return_grant
from toolcrib.domain.kits import Part
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.questions import Questioning

DEMANDS = (Authorisers(count=1, group="leads"), Authorisers(count=2))
OTHERS = (Authoriser(person="p-2", groups=("leads",), at=NOW),)
ANSWERED = Questioning(questions=(GUARD, CABLE), answers={"guard": False})
BACK = (Part(asset="drill-2", loan="l-2"), Part(asset="drill-3", loan=None))
GRANT = return_grant("acme", "hq-01", "01J", "l-1")


def returned(others: tuple[Authoriser, ...] = (), **of_option: Any) -> Change:
    given = {"id": "r", "kind": OptionKind.RETURN, "title": "Drill 1", "door": DOOR, "asset": "drill-1", "loan": "l-1"}
    return give_back(ask(others=others), Option(**{**given, **of_option}))


def grant_of(change: Change) -> Grant:
    (door,) = change.doors
    assert door.grant is not None
    assert change.command is not None
    assert change.command.grant == door.grant
    return door.grant


def test_a_return_that_others_countersign_is_the_same_grant_with_their_names_on_it() -> None:
    assert grant_of(returned(OTHERS, lacking=DEMANDS)) == Grant(
        id=GRANT,
        purpose=Purpose.RETURN,
        state=GrantState.ISSUED,
        person="p-1",
        asset="drill-1",
        loan="l-1",
        authorised_at=NOW,
        expires_at=NOW + COMMAND_LIFE,
        evidence=Evidence.TAGS,
        boot=3,
        demands=DEMANDS,
        signed=OTHERS,
    )


def test_a_return_is_never_held_up_for_want_of_others() -> None:
    grant = grant_of(returned(lacking=DEMANDS))
    assert (grant.state, grant.demands, grant.signed) == (GrantState.ISSUED, DEMANDS, ())


def test_who_tapped_along_signs_nothing_where_nobody_has_to() -> None:
    grant = grant_of(returned(OTHERS))
    assert (grant.demands, grant.signed) == ((), ())


def test_all_that_is_left_of_a_kit_comes_back_behind_one_door() -> None:
    grant = grant_of(returned(back=BACK))
    assert grant.parts == (Part(asset="drill-1", loan="l-1"), *BACK)


def test_every_loan_of_a_kit_remembers_its_return_and_what_is_on_no_loan_is_remembered_by_none() -> None:
    assert [(each.loan, each.grant) for each in returned(back=BACK).remember] == [("l-1", GRANT), ("l-2", GRANT)]


def test_answers_go_on_record_with_the_loan_that_they_are_about() -> None:
    remembered = returned(asked=ANSWERED, back=BACK).remember
    assert [(each.loan, each.answered) for each in remembered] == [("l-1", ANSWERED), ("l-2", None)]


@pytest.mark.parametrize(
    ("says", "asked"),
    [
        ("no answer was given", Questioning(questions=(GUARD,))),
        ("nobody could be asked", Questioning(questions=(GUARD,), skipped=True)),
    ],
)
def test_what_was_asked_goes_on_record_also_where(says: str, asked: Questioning) -> None:
    (remembered,) = returned(asked=asked).remember
    assert remembered.answered == asked, says


def test_a_return_at_which_nothing_is_asked_leaves_on_record_what_was() -> None:
    (remembered,) = returned().remember
    assert remembered.answered is None
