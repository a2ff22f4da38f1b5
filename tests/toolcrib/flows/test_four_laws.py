"""The four laws hold whatever admins set up and whatever people did before (rules.md, *Four laws*)."""

from datetime import date, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.banks import FakeBank
from tests.support.outcomes import GONE, THERE, stage
from tests.support.workplace import CREW, DRILL, FALLBACK, NOW, ORG, rules
from tests.support.world import World, world
from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.doors import Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.people import ManualBlock, Person
from toolcrib.domain.policies import Allowance, Authorisers, Blocks, Curfew, Hours, LateReturns, Moment, Period
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.flows import sweep
from toolcrib.store import mapping

MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LONG_AGO, LATER = NOW - timedelta(days=30), NOW + timedelta(days=30)
SPANS = st.integers(0, 72).map(lambda hours: timedelta(hours=hours))
ONE_DAY = {"3": (Hours(opens=time(5), closes=time(6)),)}  # a Wednesday; the workplace begins on a Friday

POLICIES = st.fixed_dictionaries(
    {
        "period": SPANS.filter(bool).map(lambda span: Period(after=span)),
        "grace": SPANS,
        "curfew": st.sampled_from([Curfew(), Curfew(at=time(9)), Curfew(after=timedelta(minutes=1))]),
        "allowance": st.builds(
            Allowance, type=st.none() | st.just(0), category=st.none() | st.just(0), total=st.none() | st.just(0)
        ),
        "schedule": st.sampled_from([{}, ONE_DAY]),
        "authorisers": st.builds(
            Authorisers,
            count=st.integers(0, 3),
            group=st.none() | st.just("leads"),
            on=st.sampled_from([(Moment.TAKE,), (Moment.RETURN,), (Moment.TAKE, Moment.RETURN)]),
        ),
        "blocks": st.builds(
            Blocks,
            overdue_after=st.none() | SPANS,
            late_returns=st.none()
            | st.just(LateReturns(count=1, within=timedelta(days=90), suspension=timedelta(days=90))),
        ),
        "lost_after": st.none() | SPANS.filter(bool),
        "second_factor": st.booleans(),
    }
)
PEOPLE = st.fixed_dictionaries(
    {
        "active": st.booleans(),
        "groups": st.sampled_from([(), ("crew",)]),
        "valid_from": st.sampled_from([None, LATER]),
        "valid_until": st.sampled_from([None, LONG_AGO]),
        "blocks": st.sampled_from([{}, {"b": ManualBlock(since=LONG_AGO, by="x", reason="why")}]),
    }
)
TYPES = st.fixed_dictionaries(
    {
        "certifications": st.sampled_from([(), (RequiredCertification(certification="forklift"),)]),
        "second_factor": st.booleans(),
    }
)
SITES = st.fixed_dictionaries(
    {
        "closed_days": st.sampled_from([(), tuple(date(2026, 11, day) for day in range(1, 31))]),
        "opening_hours": st.sampled_from([{}, ONE_DAY]),
    }
)
LEVELS = st.sampled_from(["tags", "presence", "door_only"])
Given = dict[str, Any]


def set_up(here: World, policy: Given, who: Given, kind: Given, where: Given) -> None:
    """Let an admin change everything there is about the loan's rules and its person."""
    rules(replace(FALLBACK, **policy, revision=2), replace(DRILL, **kind), replace(CREW, grants=()))
    here.site_has(**where)
    now = here.person()
    mapping.person_item(ORG, replace(now, **who, version=now.version + 1)).save()


def lent(here: World, level: str) -> tuple[FakeBank, str]:
    hall = stage(here, level, mode=Mode.EXPRESS)
    taken = hall.tap()
    hall.does(taken, "closed", **GONE[level])
    return hall, taken.grant


@MANY
@given(POLICIES, PEOPLE, TYPES, SITES, LEVELS, SPANS)
def test_law_1_a_return_is_never_refused(
    policy: Given, who: Given, kind: Given, where: Given, level: str, passed: timedelta
) -> None:
    with world() as here:
        hall, loan = lent(here, level)
        set_up(here, policy, who, kind, where)
        here.later(seconds=passed.total_seconds() + 61)
        sweep.handle(now=here.now, time_left_s=lambda: 60)
        opened = hall.tap()
        assert opened.kind == "open"
        assert opened.claims["purpose"] == "return"
        hall.does(opened, "closed", **THERE[level])
        assert (here.asset().state, here.loan(loan).state) == (State.STOWED, "closed")
        assert here.person().holdings == {}


@MANY
@given(LEVELS, LEVELS)
def test_law_2_every_event_says_on_what_evidence_and_never_better_than_what_was_there(taken: str, back: str) -> None:
    with world() as here:
        hall, _ = lent(here, taken)
        here.later(minutes=5)
        hall.evidence = back
        hall.does(hall.tap(), "closed", **THERE[back])
        found = [event.evidence for event in here.events()]
        assert found[0] is Evidence(taken)
        assert all(each.strength <= max(Evidence(taken).strength, Evidence(back).strength) for each in found)


@MANY
@given(POLICIES, PEOPLE, TYPES, SITES)
def test_law_3_no_later_edit_changes_what_is_out_or_what_was(
    policy: Given, who: Given, kind: Given, where: Given
) -> None:
    with world() as here:
        _, loan = lent(here, "tags")
        before, ledger = here.loan(loan), here.events()
        set_up(here, policy, who, kind, where)
        assert here.loan(loan) == before
        assert here.events() == ledger
        assert here.loan(loan).terms.policy_revision == 1


@MANY
@given(POLICIES, PEOPLE, TYPES, SITES, LEVELS)
def test_law_4_what_happened_is_recorded_although_the_rules_would_forbid_it_by_now(
    policy: Given, who: Given, kind: Given, where: Given, level: str
) -> None:
    with world() as here:
        hall = stage(here, level)
        opened = hall.tap()
        set_up(here, policy, who, kind, where)
        hall.does(opened, "closed", **GONE[level])
        asset = here.asset()
        assert (asset.state, asset.custodian.id) == (State.ON_LOAN, "p-1")
        assert here.loan(opened.grant).state == "open"


def test_the_laws_are_tried_on_people_who_may_not_take_anything() -> None:
    with world() as here:
        hall, _ = lent(here, "tags")
        frozen: Person = replace(here.person(), active=False)
        mapping.person_item(ORG, replace(frozen, version=frozen.version + 1)).save()
        here.later(minutes=2)
        hall.does(hall.tap(), "closed", tags=THERE["tags"]["tags"])
        assert hall.tap().code == "person_frozen"
