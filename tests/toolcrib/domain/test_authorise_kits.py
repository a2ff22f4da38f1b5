"""What is put on record before a door opens on a whole kit: one grant for all of it, and a loan for each part."""

from datetime import timedelta
from typing import Any

from tests.support.questions import ASKED, WELL
from tests.support.workplace import NOW, TOKEN, bank, person
from tests.toolcrib.domain.test_authorise import BOOK, CONTENT, DOOR, ask
from toolcrib.domain.authorise import take
from toolcrib.domain.change import Change
from toolcrib.domain.doors import GrantState, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import part_loan, take_grant
from toolcrib.domain.kits import InKit, Kit, Part
from toolcrib.domain.loans import LoanState
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.people import Badge
from toolcrib.domain.questions import digest
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import Given, RuleBook

BODY, CHARGER, CASE = "drill-1", "drill-2", "drill-3"
DRONE = Kit(id="drone", name="Drone kit", parts=(BODY, CHARGER, CASE))
KITS = replace(BOOK, kits={"drone": DRONE})
CONTENTS = (
    replace(CONTENT, name="Body"),
    replace(CONTENT, asset=CHARGER, name="Charger", tag="E2000002"),
    replace(CONTENT, asset=CASE, name="Case", tag=None),
)
GRANT = take_grant("acme", "hq-01", "01J")
PARTS = (
    Part(asset=BODY, loan=GRANT),
    Part(asset=CHARGER, loan=part_loan(GRANT, CHARGER)),
    Part(asset=CASE, loan=part_loan(GRANT, CASE)),
)
LOANS = [part.loan for part in PARTS]


def drone(book: RuleBook = KITS, **given: Any) -> Change:
    """Take the whole kit out of its door, at a screen where something is given."""
    who, mode = person(version=7), Mode.KIOSK if given else Mode.EXPRESS
    here = bank(mode=mode, doors=(replace(DOOR, contents=CONTENTS, capacity=3),))
    offered = offer(who, Badge(id=TOKEN, person="p-1"), here, book, NOW, given=Given(**given))
    option = offered.option("take:kit:drone")
    assert option is not None
    return take(ask(who, bank=here), option)


def test_one_grant_opens_one_door_on_every_part_with_its_own_loan() -> None:
    change = drone()
    (door,) = change.doors
    assert door.grant is not None
    assert door.grant.parts == PARTS
    assert (door.grant.id, door.grant.loan, change.op) == (GRANT, GRANT, GRANT)
    assert change.command is not None
    assert change.command.grant == door.grant


def test_no_two_parts_share_a_loan() -> None:
    change = drone()
    assert [loan.id for loan in change.loans] == LOANS
    assert len(set(LOANS)) == len(DRONE.parts)


def test_every_loan_knows_the_kit_all_its_parts_and_the_grant_that_began_them() -> None:
    for loan in drone().loans:
        assert loan.kit == InKit(id="drone", grant=GRANT, parts=PARTS)
        assert (loan.state, loan.grants) == (LoanState.PENDING, {GRANT: GrantState.ISSUED})
        assert loan.proofs == {"kit": "drone"}
        assert (loan.person, loan.door, loan.due_at) == ("p-1", 1, NOW + timedelta(hours=8))


def test_every_loan_is_of_its_own_part_and_knows_what_its_taking_will_prove() -> None:
    assert [(loan.asset, loan.evidence) for loan in drone().loans] == [
        (BODY, Evidence.TAGS),
        (CHARGER, Evidence.TAGS),
        (CASE, Evidence.DOOR_ONLY),
    ]


def test_the_profile_lists_every_part_by_its_loan_and_with_its_kit() -> None:
    (held,) = drone().holdings
    assert [(loan, each.asset, each.name, each.tag, each.kit) for loan, each in held.put.items()] == [
        (LOANS[0], BODY, "Body", "E2000001", "drone"),
        (LOANS[1], CHARGER, "Charger", "E2000002", "drone"),
        (LOANS[2], CASE, "Case", None, "drone"),
    ]
    assert {(each.state, each.until) for each in held.put.values()} == {("pending", NOW + timedelta(seconds=30))}
    assert held.expected_version == 7


def test_the_screen_asks_about_the_first_part_and_the_others_say_that_nobody_was_asked() -> None:
    first, *others = drone(replace(KITS, types={"drill": ASKED}), answers=WELL).loans
    assert first.take_answers == WELL
    assert first.proofs == {"kit": "drone", "answers": digest(WELL)}
    assert [(dict(loan.take_answers), loan.proofs) for loan in others] == [
        ({}, {"kit": "drone", "answers": "skipped"}),
        ({}, {"kit": "drone", "answers": "skipped"}),
    ]
