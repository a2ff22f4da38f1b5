"""What the rules say of a take that nobody was asked about: its loan, what it rests on, and what spoke against it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import (
    ANA,
    BEFORE,
    BOOK,
    HERE,
    NOW,
    change_of,
    door,
    drill,
    lent,
    loan,
    report,
    running,
    scene,
)
from toolcrib.domain.agreements import Acceptance, Agreement, digest
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.offline.use import Use, UseKind
from toolcrib.domain.people import Badge, BadgeState, Group, GroupGrant, Person, Shift
from toolcrib.domain.policies import Period, Policy
from toolcrib.domain.record import replace
from toolcrib.domain.reports.alone.settle import settle
from toolcrib.domain.reports.scene import Outcome, Scene
from toolcrib.domain.states import Move, State
from toolcrib.domain.upkeep import CHARGES, Charging, Condition

BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.EXPRESS)
CREW = Group(id="crew", name="Crew", grants=(GroupGrant(sites=("hq",)),))
SHIFT = Policy(id="fallback", period=Period(end_of_shift=True))
FREE = replace(BOOK, groups={"crew": CREW})
EN = digest("Keep it dry.")


def ana(**more: Any) -> Person:
    return Person(**{"id": "ana", "name": "Ana", "groups": ("crew",), **more})


def use(**more: Any) -> Use:
    known = {"asset": "drill-1", "person": ana(), "entitled": frozenset({"drill"})}
    return Use(**{"kind": UseKind.TAKE, "roster": "r-1", "bank": BANK, **known, **more})


def closed(*known: Any, at: Any = None, **more: Any) -> Scene:
    saw = {"grant": None, "evidence": Evidence.TAGS, "tags": (), "boot": 2}
    reported = report(Outcome.CLOSED, **{**saw, **{each: more.pop(each) for each in saw if each in more}})
    return scene(reported, at or door(drill()), *(known or (drill(),)), **{"book": FREE, **more})


def came_to(here: Scene, how: Use) -> Change:
    return change_of(settle(here, how))


def against(here: Scene, how: Use) -> list[str]:
    return [each.detail for each in came_to(here, how).cases]


def test_a_take_that_roster_and_rules_allow_leaves_a_loan_and_no_case() -> None:
    change = came_to(closed(), use())
    assert change.cases == ()
    assert [(each.person, each.state, each.due_why) for each in change.loans] == [
        ("ana", LoanState.OPEN, "loan_period")
    ]


def test_the_badge_it_was_taken_with_is_judged() -> None:
    revoked = Badge(id="b-1", person="ana", state=BadgeState.REVOKED)
    assert against(closed(), use(badge=revoked)) == ["badge_revoked"]


@pytest.mark.parametrize(("features", "says"), [((), ["charge_low"]), ((CHARGES,), [])])
def test_the_thing_itself_and_its_door_are_judged(features: tuple[str, ...], says: list[str]) -> None:
    charging = Charging(minimum=50, time=timedelta(hours=4))
    types = {"drill": replace(BOOK.types["drill"], charging=charging)}
    low = drill(charge=10, charge_at=NOW - timedelta(days=1))
    here = closed(low, at=door(low, features=features), book=replace(FREE, types=types))
    assert against(here, use()) == says


def test_what_is_broken_is_not_for_lending() -> None:
    broken = drill(condition=Condition.CRITICAL)
    assert against(closed(broken, at=door(broken)), use()) == ["faulty"]


@pytest.mark.parametrize(
    ("shifts", "ends"),
    [((Shift(starts=BEFORE, ends=NOW + timedelta(hours=2)),), NOW + timedelta(hours=2)), ((), None)],
)
def test_where_a_shift_is_the_loan_period_the_one_that_ran_then_is(shifts: tuple[Shift, ...], ends: Any) -> None:
    change = came_to(closed(book=replace(FREE, fallback=SHIFT)), use(person=ana(shifts=shifts)))
    assert [each.shift_end for each in change.loans] == [ends]
    assert change.loans[0].due_at == (ends or NOW.replace(day=21, hour=0))


def test_where_no_shift_is_the_loan_period_none_is_noted() -> None:
    shifts = (Shift(starts=BEFORE, ends=NOW + timedelta(hours=2)),)
    assert came_to(closed(), use(person=ana(shifts=shifts))).loans[0].shift_end is None


@pytest.mark.parametrize(("at", "named"), [(BEFORE, True), (NOW, True), (NOW + timedelta(seconds=1), False)])
def test_terms_that_were_accepted_by_then_are_named_by_loan_and_event(at: Any, named: bool) -> None:
    both = {
        each: Agreement(id=each, title=each, asset_types=("drill",), digests={"en": EN}, version=3)
        for each in ("dust", "house")
    }
    accepted = {each: Acceptance(version=3, sha256=EN, at=at if each == "house" else BEFORE) for each in both}
    change = came_to(closed(book=replace(FREE, agreements=both)), use(person=ana(acceptances=accepted)))
    proofs = {"offline": "r-1", **({"terms": change.loans[0].proofs["terms"]} if named else {})}
    assert change.loans[0].proofs == change.events[0].detail == proofs
    assert [each.partition("@")[0] for each in proofs.get("terms", "").split(",")] == (
        ["dust", "house"] if named else [""]
    )


@pytest.mark.parametrize(
    ("saw", "evidence"),
    [
        ({"tags": ()}, Evidence.TAGS),
        ({"tags": None, "evidence": Evidence.PRESENCE}, Evidence.DOOR_ONLY),
    ],
)
def test_the_event_and_the_loan_say_what_it_rests_on(saw: dict[str, Any], evidence: Evidence) -> None:
    change = came_to(closed(**saw), use())
    assert (change.events[0].evidence, change.loans[0].evidence) == (evidence, evidence)


def test_what_somebody_put_in_meanwhile_is_unconfirmed_with_a_case_and_a_tag_of_nobody_is_one() -> None:
    here = closed(
        drill(),
        lent(2, loan="other"),
        running(id="other", asset="drill-2", person="ben"),
        tags=("E2", "E9"),
    )
    change = came_to(replace(here, tags={"E2": "drill-2", "E9": None}), use())
    assert [(each.asset, each.move, each.to) for each in change.events] == [
        ("drill-1", Move.TAKEN, ANA),
        ("drill-2", Move.SEEN, HERE),
    ]
    assert [(each.kind, each.asset) for each in change.cases] == [
        (CaseKind.UNEXPECTED_ITEM, "drill-2"),
        (CaseKind.UNKNOWN_TAG, None),
    ]


def test_what_the_bank_names_and_sees_inside_was_not_taken_though_the_record_has_it_elsewhere() -> None:
    here = closed(lent(), loan(state=LoanState.OPEN, taken_at=BEFORE), at=door(), tags=("E1",))
    got = settle(replace(here, tags={"E1": "drill-1"}), use())
    assert got.name == "alone_not_taken"
    assert [(each.kind, each.asset) for each in change_of(got).cases] == [(CaseKind.UNEXPECTED_ITEM, "drill-1")]


def test_what_wears_no_tag_and_is_felt_inside_was_not_taken() -> None:
    blank = drill(tag=None)
    got = settle(closed(blank, at=door(blank), tags=None, evidence=Evidence.PRESENCE), use())
    assert got.name == "alone_taken"
    felt = replace(closed(blank, at=door(blank)), report=report(Outcome.CLOSED, grant=None, present=True))
    assert settle(felt, use()).name == "alone_not_taken"


def test_what_is_in_doubt_is_doubted_on_the_evidence_of_this_report() -> None:
    thing = drill(state=State.IN_REPAIR, tag=None)
    here = closed(thing, at=door(thing), tags=None, evidence=Evidence.PRESENCE)
    felt = replace(here, report=replace(here.report, present=False))
    assert [(each.move, each.evidence) for each in came_to(felt, use()).events] == [(Move.TAKEN, Evidence.PRESENCE)]
    tagged = drill(state=State.IN_REPAIR)
    seen = closed(tagged, at=door(tagged), evidence=Evidence.DOOR_ONLY)
    assert [each.evidence for each in came_to(seen, use()).events] == [Evidence.TAGS]


def test_what_was_put_in_at_the_very_moment_is_what_the_report_speaks_of() -> None:
    assert settle(closed(at=door(drill(), since=NOW)), use()).name == "alone_taken"
