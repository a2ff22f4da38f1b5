"""One function judges a take, keeps every finding, and names policy and due time with their reasons."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.support.pairs import lockout
from toolcrib.domain.agreements import Agreement
from toolcrib.domain.assets import AssetType, RequiredCertification
from toolcrib.domain.authorisers import Authoriser
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.due import Due, Why
from toolcrib.domain.judges.finding import Finding, Need, Remark
from toolcrib.domain.matching import terms_of
from toolcrib.domain.pairing import Pair
from toolcrib.domain.people import (
    Badge,
    BadgeState,
    Certification,
    Group,
    GroupGrant,
    LastTake,
    ManualBlock,
    Person,
    PinStanding,
    Shift,
)
from toolcrib.domain.pins import Found, Shown
from toolcrib.domain.policies import Allowance, Authorisers, Curfew, Hours, Match, Period, Policy, Site
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import Given, RuleBook, Subject
from toolcrib.domain.rules import PROOFS, RIGHTS, Row, TraceLine, Verdict, evaluate, with_unit
from toolcrib.domain.units import Chosen, Unit
from toolcrib.domain.upkeep import Charging, Condition, Service
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import why_not

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DRILL = AssetType(id="drill", name="Drill", category="tools")
HQ = Site(id="hq", name="HQ", time_zone="Europe/Berlin")
BADGE = Badge(id="1.x", person="ana")
REVOKED = Badge(id="1.x", person="ana", state=BadgeState.REVOKED)
FALLBACK = Policy(id="fallback", period=Period(after=timedelta(days=1)))
TOOLS = Policy(
    id="tools", match=Match(category="tools"), period=Period(after=timedelta(hours=8)), curfew=Curfew(at=time(16))
)
EVERYTHING = {"crew": Group(id="crew", name="Crew", grants=(GroupGrant(),))}


def judged(
    badge: Badge | None = BADGE,
    policies: tuple[Policy, ...] = (),
    groups: tuple[str, ...] = ("crew",),
    kind: AssetType = DRILL,
    agreements: tuple[Agreement, ...] = (),
    unit: Content | None = None,
    pairs: tuple[Pair, ...] = (),
    **person: object,
) -> Verdict:
    who = Person(**{"id": "ana", "name": "Ana", "groups": groups, **person})  # type: ignore[arg-type]
    book = RuleBook(
        fallback=FALLBACK,
        policies={each.id: each for each in policies},
        groups=EVERYTHING,
        pairs={each.id: each for each in pairs},
        agreements={each.id: each for each in agreements},
    )
    return evaluate(
        Subject(person=who, badge=badge, asset_type=kind, content=unit, bank="hq-01", site=HQ, at=NOW), book
    )


def shown(pin: Shown | None) -> Verdict:
    """Return the verdict on someone with a PIN who shows this where one is asked for."""
    who = Person(id="ana", name="Ana", groups=("crew",), pin=PinStanding(is_set=True))
    kind, given = replace(DRILL, second_factor=True), Given(pin=pin)
    asked = Subject(person=who, badge=BADGE, asset_type=kind, bank="hq-01", site=HQ, at=NOW, given=given)
    return evaluate(asked, RuleBook(fallback=FALLBACK, groups=EVERYTHING))


NONE_LEFT = Policy(id="none", match=Match(asset_type="drill"), period=FALLBACK.period, allowance=Allowance(type=0))
ON_MONDAYS = replace(TOOLS, schedule={"1": (Hours(opens=time(8), closes=time(9)),)})
LIFTED = replace(DRILL, certifications=(RequiredCertification(certification="lift"),))
WITNESSED = Policy(
    id="witnessed", match=Match(asset_type="drill"), period=FALLBACK.period, authorisers=Authorisers(count=1)
)
HOUSE = Agreement(id="house", title="House rules", categories=("tools",), digests={"en": "0" * 64})
UNIT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)
REFUSALS = {
    "person_frozen": lambda: judged(active=False),
    "person_not_yet_valid": lambda: judged(valid_from=NOW + timedelta(seconds=1)),
    "person_expired": lambda: judged(valid_until=NOW),
    "badge_unknown": lambda: judged(Badge(id="1.x", person="tom")),
    "badge_revoked": lambda: judged(REVOKED),
    "badge_elsewhere": lambda: judged(last_take=LastTake(site="dock", at=NOW)),
    "blocked": lambda: judged(blocks={"b": ManualBlock(since=NOW, by="boss", reason="")}),
    "no_access": lambda: judged(groups=()),
    "certification_missing": lambda: judged(kind=LIFTED),
    "certification_expired": lambda: judged(kind=LIFTED, certifications={"lift": Certification(valid_until=NOW)}),
    "outside_schedule": lambda: judged(policies=(ON_MONDAYS,)),
    "faulty": lambda: judged(unit=replace(UNIT, condition=Condition.CRITICAL)),
    "service_due": lambda: judged(kind=replace(DRILL, service=Service(loans=1)), unit=replace(UNIT, lent=1)),
    "charge_low": lambda: judged(kind=replace(DRILL, charging=Charging(minimum=1)), unit=UNIT),
    "pair_conflict": lambda: judged(unit=UNIT, pairs=(lockout("drill-1", "drill-2"),)),
    "allowance_reached": lambda: judged(policies=(NONE_LEFT,)),
    "authorisation_required": lambda: judged(policies=(WITNESSED,)),
    "terms_required": lambda: judged(agreements=(HOUSE,)),
    "pin_required": lambda: shown(None),
    "pin_wrong": lambda: shown(Shown(found=Found.WRONG, left=4)),
    "pin_locked": lambda: shown(Shown(found=Found.LOCKED, until=NOW + timedelta(minutes=15))),
    "pin_change_required": lambda: shown(Shown(found=Found.OTHER_KEY)),
}


def test_the_rows_are_numbered_as_in_the_rules() -> None:
    assert [row.value for row in Row] == list(range(1, 15))
    assert [row.name.lower() for row in Row] == [
        "person",
        "badge",
        "blocks",
        "access",
        "certification",
        "schedule",
        "condition",
        "pairing",
        "allowance",
        "reservation",
        "queue",
        "second_factor",
        "authorisers",
        "terms",
    ]


def test_rules_are_judged_in_the_order_of_their_rows() -> None:
    rows = [*RIGHTS, *PROOFS]
    assert rows == sorted(rows)
    assert all(row < Row.SECOND_FACTOR for row in RIGHTS)
    assert all(row >= Row.SECOND_FACTOR for row in PROOFS)


def test_someone_who_may_take_it_passes_every_rule() -> None:
    verdict = judged()
    assert (verdict.allowed, verdict.code, verdict.refusal) == (True, None, None)
    assert all(line.passed and line.code is None and line.detail for line in verdict.trace)


def test_every_finding_is_kept_and_policy_and_due_time_come_last() -> None:
    rules = [row.name.lower() for row in (*RIGHTS, *PROOFS)]
    assert [line.rule for line in judged().trace] == [*rules, "policy", "due"]


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_has_its_code_what_was_compared_and_what_to_do_next(code: str) -> None:
    verdict = REFUSALS[code]()
    assert (verdict.allowed, verdict.code) == (False, code)
    assert verdict.refusal is not None
    assert verdict.refusal.code == code
    assert verdict.refusal.detail == next(line.detail for line in verdict.trace if line.code == code)
    assert why_not(verdict.refusal, Reader(now=NOW))


@pytest.mark.parametrize("code", REFUSALS)
def test_one_refusal_leaves_the_other_rules_their_own_finding(code: str) -> None:
    assert [line.code for line in REFUSALS[code]().trace if not line.passed] == [code]


def test_the_first_refusal_is_the_answer_and_all_are_in_the_trace() -> None:
    verdict = judged(REVOKED, (NONE_LEFT,), (), active=False)
    assert verdict.code == "person_frozen"
    assert verdict.refusal is not None
    assert verdict.refusal.code == "person_frozen"
    refused = [line.code for line in verdict.trace if not line.passed]
    assert refused == ["person_frozen", "badge_revoked", "no_access", "allowance_reached"]


def test_proofs_are_not_asked_for_where_a_right_is_missing() -> None:
    assert not {row.name.lower() for row in PROOFS} & {line.rule for line in judged(active=False).trace}


def test_the_trace_names_the_chosen_policy_and_the_runner_up() -> None:
    line = judged(policies=(TOOLS, NONE_LEFT)).trace[-2]
    detail = "none (asset_type, priority 100) before tools (category, priority 100)"
    assert line == TraceLine(rule="policy", code=None, passed=True, detail=detail)


def test_the_fallback_has_no_runner_up() -> None:
    assert judged().trace[-2].detail == "fallback (names nothing, priority 100)"


def test_a_policy_that_names_several_things_tells_them_all() -> None:
    policy = Policy(id="p", match=Match(group="crew", site="hq"), priority=7, period=FALLBACK.period)
    assert judged(policies=(policy,)).trace[-2].detail.startswith("p (group + site, priority 7) before fallback")


def test_terms_and_due_time_are_those_of_the_chosen_policy() -> None:
    verdict = judged(policies=(TOOLS,))
    assert verdict.policy == TOOLS
    assert verdict.terms == terms_of([TOOLS], DRILL)
    assert verdict.due == Due(at=datetime(2026, 11, 20, 15, tzinfo=UTC), why=Why.CURFEW_AT)
    assert verdict.trace[-1].detail == "2026-11-20T15:00:00Z by curfew_at"


def test_the_persons_own_end_limits_the_due_time() -> None:
    end = NOW + timedelta(minutes=20)
    assert judged(policies=(TOOLS,), valid_until=end).due == Due(at=end, why=Why.VALID_UNTIL)


def test_a_refused_take_still_tells_the_terms_it_would_have_had() -> None:
    verdict = judged(policies=(TOOLS,), active=False)
    assert verdict.terms == terms_of([TOOLS], DRILL)
    assert verdict.due.why is Why.CURFEW_AT


def test_a_loan_for_a_shift_is_due_when_the_shift_ends() -> None:
    until = NOW + timedelta(hours=3)
    shift = Shift(starts=NOW - timedelta(hours=5), ends=until)
    shifts = replace(TOOLS, period=Period(end_of_shift=True), curfew=Curfew())
    assert judged(policies=(shifts,), shifts=(shift,)).due == Due(at=until, why=Why.LOAN_PERIOD)


def test_a_refusal_is_told_with_the_words_and_facts_of_its_rule() -> None:
    refusal = judged(blocks={"b": ManualBlock(since=NOW, by="boss", reason="", until=NOW + timedelta(1))}).refusal
    assert refusal is not None
    assert (refusal.code, refusal.says, refusal.facts) == (
        "blocked",
        "blocked.manual",
        {"until": NOW + timedelta(1)},
    )
    assert refusal.detail == "manual since 2026-11-20T09:00:00Z, lifts at 2026-11-21T09:00:00Z"


def test_the_finding_of_every_row_is_kept_by_its_number() -> None:
    allowed, refused = judged(), judged(active=False)
    assert list(allowed.findings) == list(Row)
    assert list(refused.findings) == list(RIGHTS)
    assert (
        refused.findings[Row.PERSON]
        == refused.refused
        == Finding(code="person_frozen", detail="the person is not active")
    )
    assert all(finding.code is None for finding in allowed.findings.values())


PINNED = {"kind": replace(DRILL, second_factor=True), "pin": PinStanding(is_set=True)}
CURES = [
    ("nothing is in the way", {}, ()),
    ("a PIN", PINNED, (Need.PIN,)),
    (
        "a PIN, others and terms",
        {**PINNED, "policies": (WITNESSED,), "agreements": (HOUSE,)},
        (Need.PIN, Need.AUTHORISER, Need.TERMS),
    ),
    ("others and terms", {"policies": (WITNESSED,), "agreements": (HOUSE,)}, (Need.AUTHORISER, Need.TERMS)),
    ("a PIN that nobody may set here cures nothing else", {**PINNED, "pin": None, "agreements": (HOUSE,)}, ()),
    ("a right that is missing cannot be brought", {"groups": (), "agreements": (HOUSE,)}, ()),
]


@pytest.mark.parametrize(("asked", "needs"), [case[1:] for case in CURES], ids=[case[0] for case in CURES])
def test_a_person_is_asked_for_what_they_can_bring_only_where_that_is_all_that_is_in_the_way(
    asked: dict[str, Any], needs: tuple[Need, ...]
) -> None:
    assert judged(**asked).needs == needs


def test_the_take_proves_what_every_rule_saw() -> None:
    others = (Authoriser(person="tom", at=NOW),)
    given = Given(session="s", pin=Shown(found=Found.RIGHT), authorisers=others, terms_sha256="0" * 64)
    asked = Subject(
        person=Person(id="ana", name="Ana", groups=("crew",), pin=PinStanding(is_set=True)),
        badge=BADGE,
        asset_type=replace(DRILL, second_factor=True),
        bank="hq-01",
        site=HQ,
        at=NOW,
        given=given,
    )
    book = RuleBook(fallback=FALLBACK, groups=EVERYTHING, policies={"w": WITNESSED}, agreements={"house": HOUSE})
    verdict = evaluate(asked, book)
    assert (verdict.allowed, verdict.needs) == (True, ())
    assert verdict.proofs == {"second_factor": "pin", "authorisers": "tom", "terms": f"house@1:{'0' * 64}"}


def test_what_is_minor_is_said_before_it_is_taken() -> None:
    minor = replace(UNIT, condition=Condition.MINOR)
    assert judged(unit=minor).remarks == (Remark(says="faulty.minor"),)
    assert judged(unit=UNIT).remarks == ()


def test_the_chosen_policy_and_one_runner_up_are_kept_of_all_that_match() -> None:
    assert judged(policies=(TOOLS, NONE_LEFT)).policies == (NONE_LEFT, TOOLS)
    assert judged(policies=(TOOLS,)).policies == (TOOLS, FALLBACK)
    assert judged().policies == (FALLBACK,)


def chosen(verdict: Verdict) -> Verdict:
    unit = Unit(content=UNIT, door=Door(bank="hq-01", number=1, contents=(UNIT,)))
    return with_unit(verdict, Chosen(unit=unit, why="only", detail="drill-1 in door 1: no other is left"))


def test_a_verdict_about_a_unit_says_last_why_it_is_about_that_one_and_is_otherwise_the_same() -> None:
    verdict = judged(unit=UNIT)
    why = "drill-1 in door 1: no other is left"
    assert chosen(verdict) == replace(verdict, unit=why)
    assert chosen(verdict).trace == (*verdict.trace, TraceLine(rule="unit", code=None, passed=True, detail=why))


def test_of_several_things_together_the_trace_tells_each_ones_rules() -> None:
    body, case = chosen(judged()), judged(active=False)
    both = replace(case, parts=(("body", body), ("case", case))).trace
    assert [line.detail for line in both] == [
        *(f"body: {line.detail}" for line in body.trace),
        *(f"case: {line.detail}" for line in case.trace),
    ]
    assert [replace(line, detail="") for line in both] == [
        replace(line, detail="") for line in (*body.trace, *case.trace)
    ]


NO_REFUSAL = {
    "person": "the person is active",
    "badge": "the badge is active",
    "blocks": "nothing blocks the person",
    "access": "group crew grants drill at hq-01",
    "certification": "none is required",
    "schedule": "no schedule applies",
    "condition": "no unit to look at",
    "pairing": "nothing is paired",
    "allowance": "no limit applies",
    "reservation": "none",
    "queue": "none",
    "second_factor": "no second factor is asked for",
    "authorisers": "nobody else has to agree",
    "terms": "no terms apply",
    "policy": "fallback (names nothing, priority 100)",
    "due": "2026-11-21T09:00:00Z by loan_period",
}


def test_the_trace_reads_as_the_dry_run_shows_it() -> None:
    assert {line.rule: line.detail for line in judged().trace} == NO_REFUSAL


def test_the_same_question_has_the_same_answer() -> None:
    assert judged(policies=(TOOLS, NONE_LEFT)) == judged(policies=(TOOLS, NONE_LEFT))


def test_no_finding_tells_a_persons_name_or_a_badge() -> None:
    for ask in REFUSALS.values():
        told = " ".join(line.detail for line in ask().trace)
        assert "Ana" not in told
        assert "1.x" not in told
