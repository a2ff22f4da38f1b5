"""Which policy gives the terms, which limits hold, and which policies may not stand side by side."""

from datetime import UTC, datetime, time, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.assets import AssetType
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.matching import (
    DIMENSIONS,
    Limit,
    authorisers,
    conflicts,
    limits,
    matches,
    min_evidence,
    named,
    ranked,
    schedules,
    second_factor,
    terms_of,
)
from toolcrib.domain.people import Person, Shift
from toolcrib.domain.policies import (
    Allowance,
    Authorisers,
    Blocks,
    Closed,
    Curfew,
    Hours,
    Match,
    Moment,
    Period,
    Policy,
    Recall,
    Renewals,
    Site,
    Step,
    Terms,
    To,
    Via,
)
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook, Subject

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

NAMES = {"asset_type": "drill", "category": "tools", "group": "crew", "bank": "hq-01", "site": "hq"}
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
PERIOD = Period(after=8 * HOUR)
DRILL = AssetType(id="drill", name="Drill", category="tools")
FALLBACK = Policy(id="fallback", period=PERIOD)


def subject(groups: tuple[str, ...] = ("crew", "night"), **more: str) -> Subject:
    given_ = {**NAMES, **more}
    return Subject(
        person=Person(id="ana", name="Ana", groups=groups),
        asset_type=AssetType(id=given_["asset_type"], name="Drill", category=given_["category"]),
        bank=given_["bank"],
        site=Site(id=given_["site"], name="HQ", time_zone="UTC"),
        at=AT,
    )


def policy(id_: str, priority: int = 100, allowance: Allowance | None = None, **match: str) -> Policy:
    return Policy(id=id_, priority=priority, match=Match(**match), period=PERIOD, allowance=allowance or Allowance())


def book(*policies: Policy) -> RuleBook:
    return RuleBook(fallback=FALLBACK, policies={each.id: each for each in policies})


def test_every_field_of_a_match_is_a_dimension() -> None:
    assert set(DIMENSIONS) == set(Match.__struct_fields__)


def test_specificity_is_compared_in_the_order_of_the_rules() -> None:
    assert list(DIMENSIONS) == ["asset_type", "category", "group", "bank", "site"]


@pytest.mark.parametrize("names", [names for size in range(6) for names in combinations(NAMES, size)], ids="+".join)
def test_a_policy_matches_when_everything_it_names_fits(names: tuple[str, ...]) -> None:
    match = Match(**{name: NAMES[name] for name in names})
    assert matches(match, subject())
    assert set(named(match)) == set(names)
    for name in names:
        assert not matches(replace(match, **{name: "other"}), subject())


def test_any_of_a_persons_groups_matches() -> None:
    assert matches(Match(group="night"), subject())
    assert not matches(Match(group="crew"), subject(groups=()))


SHIFT = Shift(starts=AT - HOUR, ends=AT + HOUR, groups=("lent",))


@pytest.mark.parametrize(
    ("at", "fits"), [(AT - HOUR, True), (AT - HOUR - SECOND, False), (AT + HOUR - SECOND, True), (AT + HOUR, False)]
)
def test_a_group_that_a_shift_gives_matches_while_it_runs(at: datetime, *, fits: bool) -> None:
    who = replace(subject().person, shifts=(SHIFT,))
    assert matches(Match(group="lent"), replace(subject(), person=who, at=at)) is fits


@pytest.mark.parametrize(("stronger", "weaker"), list(pairwise(DIMENSIONS)))
def test_an_earlier_dimension_beats_all_later_ones_together_whatever_the_priority(stronger: str, weaker: str) -> None:
    later = list(DIMENSIONS)[list(DIMENSIONS).index(weaker) :]
    one = policy("one", 999, **{stronger: NAMES[stronger]})
    many = policy("many", 1, **{name: NAMES[name] for name in later})
    assert ranked(subject(), book(many, one)) == (one, many, FALLBACK)


def test_naming_more_beats_naming_less() -> None:
    less, more = policy("less", 1, asset_type="drill"), policy("more", 999, asset_type="drill", site="hq")
    assert ranked(subject(), book(less, more))[:2] == (more, less)


@pytest.mark.parametrize(("first", "second"), [(99, 100), (100, 101), (0, 1)])
def test_on_a_tie_the_lower_priority_wins(first: int, second: int) -> None:
    a, b = policy("a", second, group="crew"), policy("b", first, group="night")
    assert ranked(subject(), book(a, b)) == (b, a, FALLBACK)


def test_the_fallback_comes_last_and_alone_when_nothing_else_fits() -> None:
    assert ranked(subject(), book()) == (FALLBACK,)
    assert ranked(subject(), book(policy("other", site="dock"))) == (FALLBACK,)


def test_a_fallback_that_is_also_in_the_book_counts_once() -> None:
    assert ranked(subject(), book(FALLBACK)) == (FALLBACK,)


def test_terms_are_a_snapshot_of_the_chosen_policy() -> None:
    ladder = (Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),)
    curfew, grace = Curfew(after=timedelta(hours=9)), timedelta(minutes=5)
    chosen = Policy(
        id="p",
        revision=7,
        period=PERIOD,
        curfew=curfew,
        closed=Closed.START_OF_NEXT_OPEN,
        grace=grace,
        ladder=ladder,
        renewals=Renewals(max=2),
        recall=Recall(notice=timedelta(hours=1)),
        blocks=Blocks(overdue_after=timedelta(hours=2)),
        lost_after=timedelta(days=3),
        min_evidence=Evidence.PRESENCE,
    )
    terms = terms_of([chosen], DRILL)
    assert (terms.policy, terms.policy_revision) == ("p", 7)
    copied = set(Terms.__struct_fields__) - {"policy", "policy_revision", "countersign", "prompt"}
    assert {name: getattr(terms, name) for name in copied} == {name: getattr(chosen, name) for name in copied}
    assert all(getattr(chosen, name) != default for name, default in DEFAULTS.items() if name in copied)


@pytest.mark.parametrize(("value", "told"), [(0, 1), (1_499, 1), (1_500, 2), (1_501, 2)])
def test_a_step_for_dear_things_is_there_from_its_value_on(value: int, told: int) -> None:
    everybody = Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK)
    dear = Step(offset=timedelta(hours=2), to=To.MANAGER, via=Via.EMAIL, min_value=1_500)
    policy = Policy(id="p", period=PERIOD, ladder=(everybody, dear))
    kind = AssetType(id="laptop", name="Laptop", category="computers", replacement_value=value)
    assert terms_of([policy], kind).ladder == (everybody, dear)[:told]


DEFAULTS = {name: getattr(FALLBACK, name) for name in Policy.__struct_fields__ if name != "period"}


def limit(kind: str, most: int, policy_: str, site: str | None = None) -> Limit:
    return Limit(kind=kind, site=site, most=most, policy=policy_)


LIMITS = [
    ("none set", [policy("a")], ()),
    ("zero is a limit", [policy("a", allowance=Allowance(total=0))], (limit("total", 0, "a"),)),
    (
        "the strictest of all matches, not of the most specific",
        [policy("a", asset_type="drill", allowance=Allowance(type=5)), policy("b", allowance=Allowance(type=2))],
        (limit("type", 2, "b"),),
    ),
    (
        "each kind for itself, lowest first",
        [policy("a", allowance=Allowance(type=2, category=1, total=3))],
        (limit("category", 1, "a"), limit("type", 2, "a"), limit("total", 3, "a")),
    ),
    (
        "a site's limit stands beside the org's",
        [policy("a", allowance=Allowance(total=4)), policy("b", site="hq", allowance=Allowance(total=5))],
        (limit("total", 4, "a"), limit("total", 5, "b", "hq")),
    ),
    (
        "the strictest of two at the site",
        [policy("a", site="hq", allowance=Allowance(total=4)), policy("b", site="hq", allowance=Allowance(total=3))],
        (limit("total", 3, "b", "hq"),),
    ),
    (
        "a bank's policy counts in the whole org",
        [policy("a", bank="hq-01", allowance=Allowance(type=1))],
        (limit("type", 1, "a"),),
    ),
]


@pytest.mark.parametrize(("policies", "expected"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_limits_are_the_strictest_of_all_matches(policies: list[Policy], expected: tuple[Limit, ...]) -> None:
    assert limits(policies) == expected
    assert limits(reversed(policies)) == expected


def test_of_two_equal_limits_the_more_specific_policys_is_named() -> None:
    both = [policy("a", asset_type="drill", allowance=Allowance(total=2)), policy("b", allowance=Allowance(total=2))]
    assert limits(both) == (limit("total", 2, "a"),)


TAGS, PRESENCE, DOOR_ONLY = Evidence.TAGS, Evidence.PRESENCE, Evidence.DOOR_ONLY
EVIDENCES = [
    ("nobody asks for any", (None, None), None),
    ("one policy does", (None, PRESENCE), PRESENCE),
    ("the strongest of all", (PRESENCE, TAGS, DOOR_ONLY), TAGS),
]


@pytest.mark.parametrize(("asked", "needed"), [case[1:] for case in EVIDENCES], ids=[case[0] for case in EVIDENCES])
def test_the_strongest_evidence_that_any_policy_asks_for_is_needed(
    asked: tuple[Evidence | None, ...], needed: Evidence | None
) -> None:
    policies = [replace(policy(f"p{number}"), min_evidence=each) for number, each in enumerate(asked)]
    assert min_evidence(policies) == min_evidence(reversed(policies)) == needed
    assert terms_of(policies, DRILL).min_evidence == terms_of(policies[::-1], DRILL).min_evidence == needed


def ask(count: int, group: str | None = None, *on: Moment) -> Authorisers:
    return Authorisers(count=count, group=group, on=on or (Moment.TAKE,))


BOTH = (Moment.TAKE, Moment.RETURN)
DEMANDS = [
    ("nobody", [ask(0)], ()),
    ("one", [ask(1)], (ask(1),)),
    ("the higher count covers the lower", [ask(1), ask(3), ask(2)], (ask(3),)),
    ("of the same group as well", [ask(1, "leads"), ask(2, "leads")], (ask(2, "leads"),)),
    ("a group's cover anybody's", [ask(2), ask(2, "leads")], (ask(2, "leads"),)),
    ("but not more of anybody's", [ask(2), ask(1, "leads")], (ask(2), ask(1, "leads"))),
    ("two groups stand side by side", [ask(1, "leads"), ask(1, "night")], (ask(1, "leads"), ask(1, "night"))),
    ("what is for returns only does not count", [ask(1, None, Moment.RETURN)], ()),
    ("what is for both does, for this", [ask(1, None, *BOTH)], (ask(1),)),
    ("the same demand twice is one", [ask(1, None, *BOTH), ask(1)], (ask(1),)),
]


@pytest.mark.parametrize(("asked", "demands"), [case[1:] for case in DEMANDS], ids=[case[0] for case in DEMANDS])
def test_whatever_any_policy_asks_of_authorisers_has_to_be_met(
    asked: list[Authorisers], demands: tuple[Authorisers, ...]
) -> None:
    policies = [replace(policy(f"p{number}"), authorisers=each) for number, each in enumerate(asked)]
    assert authorisers(policies, Moment.TAKE) == authorisers(reversed(policies), Moment.TAKE) == demands


def test_what_is_asked_on_a_return_is_another_question() -> None:
    both = [
        replace(policy("a"), authorisers=ask(1, None, *BOTH)),
        replace(policy("b"), authorisers=ask(2, None, Moment.TAKE)),
    ]
    assert authorisers(both, Moment.RETURN) == (ask(1, None, Moment.RETURN),)


def test_a_second_factor_is_needed_where_any_policy_wants_one() -> None:
    plain, strict = policy("plain"), replace(policy("strict"), second_factor=True)
    assert second_factor([plain]) is None
    assert second_factor([plain, strict]) == second_factor([strict, plain]) == strict


def test_every_policy_with_a_schedule_is_asked() -> None:
    always, week = policy("always"), replace(policy("week"), schedule={"1": (Hours(opens=time(8), closes=time(9)),)})
    assert schedules([always, week, always]) == (week,)


CONFLICTS = [
    ("nothing named twice", {}, {}, True),
    ("the same type", {"asset_type": "drill"}, {"asset_type": "drill"}, True),
    ("different types", {"asset_type": "drill"}, {"asset_type": "saw"}, False),
    ("different categories", {"category": "tools"}, {"category": "it"}, False),
    ("different sites", {"site": "hq"}, {"site": "dock"}, False),
    ("different banks", {"bank": "hq-01"}, {"bank": "hq-02"}, False),
    ("the same group", {"group": "crew"}, {"group": "crew"}, True),
    ("different groups: a person may be in both", {"group": "crew"}, {"group": "night"}, True),
    (
        "different groups, same type",
        {"group": "crew", "asset_type": "drill"},
        {"group": "night", "asset_type": "drill"},
        True,
    ),
    (
        "different groups and types",
        {"group": "crew", "asset_type": "drill"},
        {"group": "night", "asset_type": "saw"},
        False,
    ),
    ("different dimensions are never a tie", {"asset_type": "drill"}, {"category": "tools"}, False),
    ("one names more", {"site": "hq"}, {"site": "hq", "group": "crew"}, False),
]


@pytest.mark.parametrize(
    ("one", "other", "clash"), [case[1:] for case in CONFLICTS], ids=[case[0] for case in CONFLICTS]
)
def test_two_policies_that_could_tie_for_the_same_take_conflict(
    one: dict[str, str], other: dict[str, str], *, clash: bool
) -> None:
    a, b = policy("a", **one), policy("b", **other)
    assert conflicts(a, [b]) == ((b,) if clash else ())
    assert conflicts(b, [a]) == ((a,) if clash else ())


@pytest.mark.parametrize("priority", [99, 101])
def test_another_priority_is_no_conflict(priority: int) -> None:
    assert conflicts(policy("a", group="crew"), [policy("b", priority, group="crew")]) == ()


def test_a_policy_does_not_conflict_with_its_own_earlier_revision() -> None:
    assert conflicts(policy("a", group="crew"), [policy("a", group="crew")]) == ()


def test_every_policy_it_conflicts_with_is_named() -> None:
    others = [policy("b", group="crew"), policy("c", 1, group="crew"), policy("d", group="night")]
    assert [each.id for each in conflicts(policy("a", group="crew"), others)] == ["b", "d"]


VALUES = {name: st.none() | st.sampled_from((value, f"{value}-2")) for name, value in NAMES.items()}
MATCHES = st.tuples(st.builds(Match, **VALUES), st.integers(1, 3))
POLICIES = st.lists(MATCHES, max_size=12).map(
    lambda drawn: [
        Policy(id=f"p{number}", match=match, priority=priority, period=PERIOD)
        for number, (match, priority) in enumerate(drawn)
    ]
)
SUBJECTS = st.builds(
    subject,
    st.sets(st.sampled_from(("crew", "crew-2"))).map(lambda groups: tuple(sorted(groups))),
    **{name: st.sampled_from((NAMES[name], f"{NAMES[name]}-2")) for name in NAMES if name != "group"},
)


@settings(STEADY, max_examples=150)
@given(POLICIES, SUBJECTS)
def test_among_policies_saved_without_conflict_there_are_never_two_winners(offered: list[Policy], who: Subject) -> None:
    saved: list[Policy] = [FALLBACK]
    for each in offered:
        if not conflicts(each, saved):
            saved.append(each)
    places = [
        (tuple(getattr(each.match, name) is None for name in DIMENSIONS), each.priority)
        for each in ranked(who, book(*saved))
    ]
    assert places == sorted(set(places))


@settings(STEADY, max_examples=100)
@given(POLICIES, SUBJECTS)
def test_the_order_in_which_policies_were_saved_does_not_matter(offered: list[Policy], who: Subject) -> None:
    assert ranked(who, book(*offered)) == ranked(who, book(*reversed(offered)))
