"""Row 12: a PIN where the type or a policy asks for one; first set only where somebody opened the way (rules.md)."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.judging import DRILL, NOW, PERIOD, SECOND, book, subject
from toolcrib.domain.judges.finding import Finding, Need
from toolcrib.domain.judges.second_factor import PROOF, second_factor
from toolcrib.domain.people import GroupGrant, Person, PinStanding
from toolcrib.domain.pins import Found, Shown
from toolcrib.domain.policies import Match, Policy
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import Given
from toolcrib.domain.rules import evaluate

VALUABLE = replace(DRILL, second_factor=True)
SET, TO_CHANGE = PinStanding(is_set=True), PinStanding(is_set=True, must_change=True)
LATER = NOW + timedelta(minutes=15)
PIN, BOTH, NEW = (Need.PIN,), (Need.PIN, Need.NEW_PIN), (Need.NEW_PIN,)


def judged(shown: Shown | None = None, *, standing: PinStanding | None = SET, kind: Any = VALUABLE) -> Finding:
    return second_factor(subject(pin=standing, about={"asset_type": kind, "given": Given(pin=shown)}), book())


@pytest.mark.parametrize(
    ("standing", "code", "says", "needs"),
    [
        (SET, "pin_required", None, PIN),
        (TO_CHANGE, "pin_change_required", None, BOTH),
        (None, "pin_required", "pin_required.unset", ()),
        (PinStanding(), "pin_required", "pin_required.unset", ()),
        (PinStanding(kiosk_until=NOW), "pin_required", "pin_required.unset", ()),
        (PinStanding(kiosk_until=NOW + SECOND), "pin_required", "pin_required.first", NEW),
    ],
)
def test_what_is_wanted_of_someone_who_has_shown_nothing(standing: Any, code: str, says: Any, needs: Any) -> None:
    found = judged(standing=standing)
    assert (found.code, found.says, found.needs) == (code, says, needs)


@pytest.mark.parametrize(
    ("shown", "standing", "code", "facts", "needs"),
    [
        (Shown(found=Found.RIGHT), SET, None, {}, ()),
        (Shown(found=Found.RIGHT, changed=True), TO_CHANGE, None, {}, ()),
        (Shown(found=Found.RIGHT, changed=True), PinStanding(kiosk_until=LATER), None, {}, ()),
        (Shown(found=Found.RIGHT), TO_CHANGE, "pin_change_required", {}, BOTH),
        (Shown(found=Found.SAME_AGAIN), TO_CHANGE, "pin_change_required", {}, BOTH),
        (Shown(found=Found.WRONG, left=4), SET, "pin_wrong", {"left": 4}, PIN),
        (Shown(found=Found.WRONG, left=1), TO_CHANGE, "pin_wrong", {"left": 1}, BOTH),
        (Shown(found=Found.LOCKED, until=LATER), SET, "pin_locked", {"until": LATER}, ()),
        (Shown(found=Found.OTHER_KEY), SET, "pin_change_required", {}, ()),
        (Shown(found=Found.OTHER_KEY, until=LATER), SET, "pin_change_required", {}, ()),
    ],
)
def test_what_comes_of_what_was_shown(shown: Shown, standing: Any, code: Any, facts: Any, needs: Any) -> None:
    found = judged(shown, standing=standing)
    assert (found.code, found.facts, found.needs) == (code, facts, needs)
    assert found.proves == (PROOF if code is None else {})


def test_nobody_is_asked_for_a_pin_that_nothing_asks_for() -> None:
    found = judged(kind=DRILL)
    assert (found.code, found.needs, found.proves) == (None, (), {})


def told(code: str, detail: str, says: str | None = None, needs: tuple[Need, ...] = (), **facts: Any) -> Finding:
    return Finding(code=code, detail=detail, says=says, needs=needs, facts=facts)


KIOSK = PinStanding(kiosk_until=LATER)
CHANGE = "pin_change_required"
WORDS = [
    ("nothing, and a PIN is set", None, SET, told("pin_required", "type drill asks for a PIN", needs=PIN)),
    (
        "nothing, and the PIN is somebody else's",
        None,
        TO_CHANGE,
        told(CHANGE, "the PIN that type drill asks for was set by somebody else", needs=BOTH),
    ),
    (
        "nothing, and a first one may be set",
        None,
        KIOSK,
        told("pin_required", "type drill asks for a PIN, and none is set yet", "pin_required.first", NEW),
    ),
    (
        "nothing, and none may be set here",
        None,
        None,
        told(
            "pin_required",
            "type drill asks for a PIN, none is set, and none may be set here",
            "pin_required.unset",
        ),
    ),
    (
        "the right one",
        Shown(found=Found.RIGHT),
        SET,
        Finding(detail="the PIN was right", proves={"second_factor": "pin"}),
    ),
    (
        "the right one, which has to be changed",
        Shown(found=Found.RIGHT),
        TO_CHANGE,
        told(CHANGE, "the PIN was right and has to be changed", needs=BOTH),
    ),
    (
        "a new one that is the old one",
        Shown(found=Found.SAME_AGAIN),
        TO_CHANGE,
        told(CHANGE, "the new PIN is the old one", "pin_change_required.same", BOTH),
    ),
    (
        "a wrong one",
        Shown(found=Found.WRONG, left=4),
        SET,
        told("pin_wrong", "the PIN is wrong, 4 more before it locks", needs=PIN, left=4),
    ),
    (
        "one too many",
        Shown(found=Found.LOCKED, until=LATER),
        SET,
        told("pin_locked", "locked after too many wrong PINs until 2026-11-20T09:15:00Z", until=LATER),
    ),
    (
        "one that was set under another key",
        Shown(found=Found.OTHER_KEY),
        SET,
        told(CHANGE, "the PIN was set before the badge key was changed", "pin_change_required.key"),
    ),
]


@pytest.mark.parametrize(("shown", "standing", "found"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_it_says_what_was_compared_and_what_people_are_told(shown: Any, standing: Any, found: Finding) -> None:
    assert judged(shown, standing=standing) == found


def test_where_nothing_asks_for_a_pin_the_trace_says_so() -> None:
    assert judged(kind=DRILL) == Finding(detail="no second factor is asked for")


@pytest.mark.parametrize(("standing", "code"), [(SET, None), (None, "pin_required")], ids=["is set", "is not set"])
def test_the_pin_is_that_of_whoever_stands_there(standing: PinStanding | None, code: str | None) -> None:
    boss = Person(id="boss", name="Bo", pin=standing)
    asks = {"asset_type": VALUABLE, "actor": boss}
    nothing_shown = second_factor(subject(about=asks), book())
    assert nothing_shown.says == (None if standing else "pin_required.unset")
    shown = Given(pin=Shown(found=Found.RIGHT) if standing else None)
    assert second_factor(subject(about={**asks, "given": shown}), book()).code == code


@pytest.mark.parametrize(("site", "code"), [("hq", "pin_required"), ("dock", None)])
def test_any_policy_that_matches_may_ask_for_one(site: str, code: str | None) -> None:
    asks = Policy(id="nights", match=Match(site=site), period=PERIOD, second_factor=True)
    kinder = Policy(id="drills", match=Match(asset_type="drill"), period=PERIOD)
    found = second_factor(subject(pin=SET), book(asks, kinder))
    assert found.code == code
    assert ("policy nights" in found.detail) == (code is not None)


@settings(max_examples=2_000)
@given(
    st.sampled_from([None, SET, TO_CHANGE, PinStanding(), PinStanding(kiosk_until=LATER)]),
    st.none() | st.builds(Shown, found=st.sampled_from(sorted(set(Found) - {Found.RIGHT})), until=st.just(LATER)),
    st.booleans(),
)
def test_without_the_right_pin_nothing_valuable_is_granted(standing: Any, shown: Any, by_policy: bool) -> None:
    asks = Policy(id="asks", match=Match(category="tools"), period=PERIOD, second_factor=by_policy)
    kind = DRILL if by_policy else VALUABLE
    asked = subject(pin=standing, about={"asset_type": kind, "given": Given(pin=shown)})
    assert not evaluate(asked, book(asks, grants=(GroupGrant(),))).allowed


@pytest.mark.parametrize("shown", [None, *(Shown(found=found, until=LATER) for found in Found)])
def test_who_may_not_take_it_anyway_never_learns_whether_the_pin_was_right(shown: Shown | None) -> None:
    asked = subject(active=False, pin=SET, about={"asset_type": VALUABLE, "given": Given(pin=shown)})
    verdict = evaluate(asked, book(grants=(GroupGrant(),)))
    assert (verdict.code, verdict.needs, verdict.proofs) == ("person_frozen", (), {})
    assert "second_factor" not in {line.rule for line in verdict.trace}
