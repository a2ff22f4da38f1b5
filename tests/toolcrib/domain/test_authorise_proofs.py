"""What a take uses up besides the allowance: PINs, what others agreed to, overrides, texts that were accepted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import NOW, TOKEN, bank, person
from tests.toolcrib.domain.test_authorise import BOOK, DOOR, ask
from toolcrib.domain import overrides
from toolcrib.domain.agreements import Acceptance
from toolcrib.domain.authorise import remembered_of, take
from toolcrib.domain.authorisers import SESSION_LIFE, Agreeing, Spent
from toolcrib.domain.blocking import MOST_REMEMBERED
from toolcrib.domain.change import Change
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Option
from toolcrib.domain.people import Badge, Override, Person, PinStanding, Shift
from toolcrib.domain.pins import Found, Pin, Proven, Shown
from toolcrib.domain.record import replace
from toolcrib.domain.rules import Verdict

LATER, BEFORE = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)
AGREEING = Agreeing(type="drill", site="hq", until=LATER)
ONE = Override(
    code="no_access",
    by="p-9",
    reason="urgent",
    reason_sha256="0" * 64,
    since=BEFORE,
    until=LATER,
    asset_type="drill",
    bank="hq-01",
)


def offered(who: Person, *, of_verdict: Any = None, **of_option: Any) -> tuple[Option, Verdict]:
    """Return the option to take what there is, and what was judged of it, both with more in them."""
    option: Option = offer(who, Badge(id=TOKEN, person="p-1"), bank(doors=(DOOR,)), BOOK, NOW).options[0]
    assert option.verdict is not None
    verdict = replace(option.verdict, **(of_verdict or {}))
    return replace(option, verdict=verdict, **of_option), verdict


def taken(who: Person, *, proven: Proven | None = None, of_verdict: Any = None, **of_option: Any) -> Change:
    """Take what there is, with an option that says more."""
    option, _ = offered(who, of_verdict=of_verdict, **of_option)
    return take(ask(who, proven=proven, bank=bank(doors=(DOOR,))), option)


def held_of(change: Change) -> Any:
    (held,) = change.holdings
    return held


def test_a_plain_take_uses_up_nothing_else() -> None:
    change = taken(person(version=7))
    held = held_of(change)
    assert (held.acceptances, held.remembered_late, held.pin, held.spent, held.asked, held.overrides) == (None,) * 6
    assert (change.pins, change.active, change.used, change.overrides) == ((), (), (), ())
    assert (change.loans[0].proofs, change.loans[0].shift_end) == ({}, None)


def test_a_pin_that_was_shown_is_written_with_the_take() -> None:
    pin, standing = Pin(person="p-1"), PinStanding(is_set=True)
    shown = Proven(shown=Shown(found=Found.RIGHT), pin=pin, standing=standing)
    change = taken(person(version=7), proven=shown, of_verdict={"proofs": {"factor": "pin"}})
    assert (change.pins, held_of(change).pin) == ((pin,), standing)
    assert change.loans[0].proofs == {"factor": "pin"}
    assert taken(person(version=7), proven=replace(shown, pin=None)).pins == ()


def test_what_was_accepted_is_remembered_beside_what_was_before() -> None:
    old, new = (Acceptance(version=each, sha256="0" * 64, at=NOW) for each in (1, 2))
    who = person(version=7, acceptances={"rules": old})
    assert held_of(taken(who)).acceptances is None
    assert held_of(taken(who, accepts={"tools": new})).acceptances == {"rules": old, "tools": new}


def test_only_so_many_late_returns_are_remembered() -> None:
    late = tuple(NOW - timedelta(days=day) for day in range(MOST_REMEMBERED + 1))
    assert held_of(taken(person(version=7, late_returns=late))).remembered_late == tuple(sorted(late)[1:])


def test_a_session_in_which_others_agreed_is_used_up() -> None:
    who = person(version=7, spent={"s-old": NOW - 2 * SESSION_LIFE, "s-1": BEFORE}, asked={"r-1": AGREEING})
    change = taken(who, spends=Spent(session="s-2", approvers=("p-2", "p-3")))
    held = held_of(change)
    assert (held.spent, held.asked) == ({"s-1": BEFORE, "s-2": NOW}, None)
    assert (change.active, change.used) == (("p-2", "p-3"), ())


def test_a_request_that_others_agreed_to_is_used_up_and_those_that_are_over_fall_away() -> None:
    asked = {"r-1": AGREEING, "r-2": AGREEING, "r-3": replace(AGREEING, until=BEFORE)}
    change = taken(person(version=7, asked=asked), spends=Spent(requests=("r-1",), approvers=("p-2",)))
    held = held_of(change)
    assert (held.spent, held.asked) == (None, {"r-2": AGREEING})
    assert (change.active, change.used) == (("p-2",), ("r-1",))


def test_an_override_is_used_once_and_the_ledger_says_by_which_grant() -> None:
    who = person(version=7, overrides={"o-1": ONE, "o-2": ONE})
    change = taken(who, of_verdict={"overrides": ("o-1",)})
    assert held_of(change).overrides == {"o-2": ONE}
    assert change.overrides == (overrides.note("o-1", "p-1", ONE, at=NOW, grant=change.op),)


def test_what_is_remembered_of_a_take_can_be_written_without_one() -> None:
    accepts = {"tools": Acceptance(version=1, sha256="0" * 64, at=NOW)}
    standing = PinStanding(is_set=True)
    late = tuple(NOW - timedelta(days=day) for day in range(MOST_REMEMBERED + 1))
    who = person(late_returns=late, asked={"r-1": AGREEING, "r-2": AGREEING}, overrides={"o-1": ONE, "o-2": ONE})
    spends = Spent(session="s-1", requests=("r-1",))
    option, verdict = offered(who, of_verdict={"overrides": ("o-1",)}, accepts=accepts, spends=spends)
    proven = Proven(shown=Shown(found=Found.RIGHT), standing=standing)
    assert remembered_of(ask(who, proven=proven), option, verdict) == {
        "acceptances": accepts,
        "pin": standing,
        "remembered_late": tuple(sorted(late)[1:]),
        "spent": {"s-1": NOW},
        "asked": {"r-2": AGREEING},
        "overrides": {"o-2": ONE},
    }


@pytest.mark.parametrize(("end_of_shift", "expected"), [(True, LATER), (False, None)])
def test_a_loan_for_a_shift_knows_when_the_shift_ends(end_of_shift: bool, expected: Any) -> None:
    who = person(version=7, shifts=(Shift(starts=BEFORE, ends=LATER, groups=("crew",)),))
    terms = replace(BOOK.fallback.period, end_of_shift=end_of_shift)
    plain = taken(who).loans[0].terms
    change = taken(who, of_verdict={"terms": replace(plain, period=terms)})
    assert change.loans[0].shift_end == expected


@pytest.mark.parametrize(("language", "expected"), [("de", "de"), ("en", "en"), ("xx", "en")])
def test_a_door_speaks_to_whom_it_was_opened_for(language: str, expected: str) -> None:
    grant = taken(person(version=7, language=language)).doors[0].grant
    assert grant is not None
    assert grant.language == expected
