"""The grant that lets a door be opened once: what is put on record before anything opens (design.md, *States*)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import CREW, DRILL, FALLBACK, NOW, TOKEN, bank, person, site
from toolcrib.domain.authorise import Ask, again, give_back, take
from toolcrib.domain.change import Change
from toolcrib.domain.doors import COMMAND_LIFE, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import return_grant, take_grant
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.people import Badge, Holding, LastTake, Person
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook

BOOK = RuleBook(fallback=FALLBACK, groups={"crew": CREW}, sites={"hq": site()}, types={"drill": DRILL})
CONTENT = Content(asset="drill-1", type="drill", name="Drill 1", tag="E2000001", since=NOW)
DOOR = Door(bank="hq-01", number=1, contents=(CONTENT,), version=4)


def ask(who: Person | None = None, **more: Any) -> Ask:
    given = {"org": "acme", "bank": bank(), "person": who or person(version=7), "upload": "01J", "boot": 3, "at": NOW}
    return Ask(**{**given, **more})


def taking(content: Content = CONTENT, **more: Any) -> Change:
    asked = ask(**more)
    here = replace(asked.bank, doors=(replace(DOOR, contents=(content,)),))
    options = offer(asked.person, Badge(id=TOKEN, person="p-1"), here, BOOK, NOW).options
    return take(replace(asked, bank=here), options[0])


def test_a_take_locks_its_door_begins_a_pending_loan_and_uses_the_allowance_in_one_change() -> None:
    change = taking(who=person(version=7, valid_until=NOW + timedelta(hours=2)))
    (door,), (loan,), (held,) = change.doors, change.loans, change.holdings
    assert door.grant is not None
    assert (door.version, door.grant.state, door.grant.purpose) == (5, GrantState.ISSUED, Purpose.TAKE)
    assert (loan.id, loan.state, loan.grants) == (door.grant.id, LoanState.PENDING, {door.grant.id: GrantState.ISSUED})
    assert (loan.due_at, loan.due_why) == (NOW + timedelta(hours=2), "valid_until")
    assert (held.expected_version, held.last_take) == (7, LastTake(site="hq", at=NOW))
    assert held.put[loan.id].until == door.grant.expires_at == NOW + timedelta(seconds=30)
    assert change.events == ()
    assert change.assets == ()


def test_a_take_puts_on_record_who_takes_what_where_and_under_which_terms() -> None:
    until = NOW + timedelta(hours=2)
    change = taking(who=person(version=7, valid_until=until))
    (door,), (loan,), (held,) = change.doors, change.loans, change.holdings
    assert door.grant == Grant(
        id=change.op,
        purpose=Purpose.TAKE,
        state=GrantState.ISSUED,
        person="p-1",
        asset="drill-1",
        loan=change.op,
        authorised_at=NOW,
        expires_at=NOW + COMMAND_LIFE,
        evidence=Evidence.TAGS,
        boot=3,
    )
    assert loan == Loan(
        id=change.op,
        asset="drill-1",
        type="drill",
        person="p-1",
        site="hq",
        bank="hq-01",
        door=1,
        state=LoanState.PENDING,
        authorised_at=NOW,
        due_at=until,
        due_why="valid_until",
        grants={change.op: GrantState.ISSUED},
        terms=Terms(policy="fallback", period=Period(after=timedelta(hours=8))),
        valid_until=until,
        evidence=Evidence.TAGS,
    )
    assert (held.person, held.put[loan.id]) == (
        "p-1",
        Holding(
            asset="drill-1",
            type="drill",
            name="Drill 1",
            tag="E2000001",
            state="pending",
            bank="hq-01",
            door=1,
            site="hq",
            since=NOW,
            until=NOW + COMMAND_LIFE,
        ),
    )
    assert (change.op, change.at) == (take_grant("acme", "hq-01", "01J"), NOW)


def test_the_command_is_for_whom_it_was_asked() -> None:
    command = taking().command
    assert command is not None
    assert (command.bank, command.door, command.re) == ("hq-01", 1, "01J")


def test_the_same_upload_asks_for_the_same_grant() -> None:
    assert taking().op == taking().op
    assert taking(upload="01K").op != taking().op


@pytest.mark.parametrize(
    ("level", "tag", "expected"),
    [
        (Evidence.TAGS, "E2", Evidence.TAGS),
        (Evidence.TAGS, None, Evidence.DOOR_ONLY),
        (Evidence.PRESENCE, None, Evidence.PRESENCE),
        (Evidence.DOOR_ONLY, "E2", Evidence.DOOR_ONLY),
    ],
)
def test_a_loan_knows_what_its_taking_will_prove(level: Evidence, tag: str | None, expected: Evidence) -> None:
    change = taking(replace(CONTENT, tag=tag), bank=bank(evidence=level))
    assert change.loans[0].evidence is expected


def returning(loan: str | None) -> Change:
    option = Option(id="r", kind=OptionKind.RETURN, title="Drill 1", door=DOOR, asset="drill-1", loan=loan)
    return give_back(ask(), option)


def test_a_return_locks_its_door_and_is_remembered_by_its_loan_which_stays_as_it_is() -> None:
    change = returning("l-1")
    (door,), (remembered,) = change.doors, change.remember
    assert door.grant is not None
    assert (door.grant.purpose, door.grant.loan) == (Purpose.RETURN, "l-1")
    assert (remembered.loan, remembered.grant) == ("l-1", door.grant.id)
    assert (change.loans, change.holdings) == ((), ())
    assert change.op == return_grant("acme", "hq-01", "01J", "l-1")


def test_a_return_of_what_is_on_no_loan_is_remembered_by_none() -> None:
    change = returning(None)
    assert change.remember == ()
    assert change.op.startswith("x.")


def test_what_was_never_judged_or_is_nothing_is_not_taken() -> None:
    here = replace(ask().bank, doors=(DOOR,))
    offered = offer(person(), Badge(id=TOKEN, person="p-1"), here, BOOK, NOW).options[0]
    for half in (replace(offered, verdict=None), replace(offered, content=None)):
        with pytest.raises(ValueError, match=offered.id):
            take(ask(), half)


@pytest.mark.parametrize(
    ("says", "grant", "asked"),
    [
        ("there is none", {"state": None}, {}),
        ("it is somebody else's", {"person": "p-2"}, {}),
        ("the door was opened", {"state": GrantState.OPENED}, {}),
        ("it is over", {"state": GrantState.LAPSED}, {}),
        ("a minute has passed", {}, {"at": NOW + timedelta(seconds=60)}),
        ("they may take nothing any more", {}, {"who": person(active=False)}),
        ("their time is over", {}, {"who": person(valid_until=NOW)}),
        ("their time has not begun", {}, {"who": person(valid_from=NOW + timedelta(seconds=1))}),
    ],
)
def test_a_grant_is_not_signed_again_when(says: str, grant: dict[str, Any], asked: dict[str, Any]) -> None:
    locked = taking().doors[0]
    assert locked.grant is not None
    of = None if grant.get("state", "") is None else replace(locked.grant, **grant)
    assert again(ask(**asked), replace(locked, grant=of)) is None, says


@pytest.mark.parametrize(("after_s", "until_s"), [(0, 30), (10, 40), (29, 59), (30, 60), (45, 60), (59.9, 60)])
def test_signing_again_never_reaches_past_a_minute(after_s: float, until_s: float) -> None:
    locked = taking().doors[0]
    change = again(ask(upload="01K", at=NOW + timedelta(seconds=after_s)), locked)
    assert change is not None
    assert change.command is not None
    assert (change.command.re, change.command.grant.id) == ("01K", locked.grant and locked.grant.id)
    assert change.command.grant.expires_at == NOW + timedelta(seconds=until_s)


def test_a_clock_that_is_a_little_behind_takes_no_time_back() -> None:
    locked = taking().doors[0]
    change = again(ask(at=NOW - timedelta(seconds=5)), locked)
    assert change is not None
    assert change.doors[0].grant is not None
    assert change.doors[0].grant.expires_at == NOW + timedelta(seconds=30)


def test_a_return_is_signed_again_whoever_they_are_now() -> None:
    locked = returning("l-1").doors[0]
    assert again(ask(person(active=False)), locked) is not None
