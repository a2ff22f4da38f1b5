"""Row 9: how many things a person may have at once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import NOW, PERIOD, book, subject
from toolcrib.domain.judges.allowance import allowance
from toolcrib.domain.people import GroupGrant, Holding
from toolcrib.domain.policies import Allowance, Match, Policy

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def held(*things: tuple[str, str, str]) -> dict[str, Holding]:
    """Holdings of (type, site, state)."""
    return {
        f"loan-{number}": Holding(
            asset=f"a-{number}",
            type=kind,
            name="",
            state=state,
            bank=f"{site}-01",
            door=1,
            site=site,
            since=NOW,
            until=NOW,
        )
        for number, (kind, site, state) in enumerate(things)
    }


def most(site: str | None = None, id_: str = "p", **limits: int) -> list[Policy]:
    return [Policy(id=id_, period=PERIOD, allowance=Allowance(**limits), match=Match(site=site))]


TWO_DRILLS = held(("drill", "hq", "open"), ("drill", "dock", "open"))
MIXED = held(
    ("drill", "hq", "open"), ("saw", "hq", "pending"), ("laptop", "dock", "unconfirmed"), ("gone", "dock", "open")
)
ALLOWANCES = [
    ("absent means unlimited", [], MIXED, False, "no limit applies"),
    ("zero means none", most(total=0), {}, True, "0 of at most 0 in total (policy p)"),
    ("below the type", most(type=3), TWO_DRILLS, False, "2 of at most 3 of type drill (policy p)"),
    ("at the type", most(type=2), TWO_DRILLS, True, "2 of at most 2 of type drill (policy p)"),
    ("above the type", most(type=1), TWO_DRILLS, True, "2 of at most 1 of type drill (policy p)"),
    ("other types do not count", most(type=2), MIXED, False, "1 of at most 2 of type drill (policy p)"),
    (
        "at the category, a pending one included",
        most(category=2),
        MIXED,
        True,
        "2 of at most 2 of category tools (policy p)",
    ),
    ("below the category", most(category=3), MIXED, False, "2 of at most 3 of category tools (policy p)"),
    ("at the total, whatever its state or type", most(total=4), MIXED, True, "4 of at most 4 in total (policy p)"),
    ("below the total", most(total=5), MIXED, False, "4 of at most 5 in total (policy p)"),
    (
        "a site's limit counts there only",
        most("hq", type=2),
        TWO_DRILLS,
        False,
        "1 of at most 2 of type drill at hq (policy p)",
    ),
    ("at the site's limit", most("hq", type=1), TWO_DRILLS, True, "1 of at most 1 of type drill at hq (policy p)"),
    ("the site's total", most("hq", total=2), MIXED, True, "2 of at most 2 in total at hq (policy p)"),
    (
        "the org's limit holds beside the site's",
        most("hq", type=9) + most(type=2, id_="q"),
        TWO_DRILLS,
        True,
        "2 of at most 2 of type drill (policy q)",
    ),
    ("a policy of another site means nothing", most("dock", total=0), MIXED, False, "no limit applies"),
    (
        "the lowest of several reached is named",
        most(type=2, total=1),
        TWO_DRILLS,
        True,
        "2 of at most 1 in total (policy p)",
    ),
    (
        "a lower limit that is not reached is not named",
        most(category=9, type=2),
        TWO_DRILLS,
        True,
        "2 of at most 2 of type drill (policy p)",
    ),
    (
        "all limits are told when none is reached",
        most(type=3, total=5),
        TWO_DRILLS,
        False,
        "2 of at most 3 of type drill (policy p); 2 of at most 5 in total (policy p)",
    ),
]


@pytest.mark.parametrize(
    ("policies", "holdings", "refused", "detail"),
    [case[1:] for case in ALLOWANCES],
    ids=[case[0] for case in ALLOWANCES],
)
def test_row_9_loans_and_live_grants_stay_below_every_limit(
    policies: list[Policy], holdings: dict[str, Holding], detail: str, *, refused: bool
) -> None:
    found = allowance(subject(holdings=holdings), book(*policies))
    assert (found.code, found.detail) == ("allowance_reached" if refused else None, detail)


@pytest.mark.parametrize("kind", ["type", "category", "total"])
def test_row_9_says_which_count_was_reached(kind: str) -> None:
    found = allowance(subject(holdings=TWO_DRILLS), book(*most(**{kind: 2})))
    assert found.says == f"allowance_reached.{kind}"
    assert found.facts == {"count": 2, "most": 2, "thing": "Drill"}


@pytest.mark.parametrize("kind", ["type", "category", "total"])
def test_row_9_says_that_a_limit_of_none_lets_nobody_have_any(kind: str) -> None:
    found = allowance(subject(), book(*most(**{kind: 0})))
    assert found.says == "allowance_reached.none"
    assert found.facts == {"count": 0, "most": 0, "thing": "Drill"}


GRANTS = [
    ("no limit", [GroupGrant()], MIXED, False, "no limit applies"),
    ("zero means none", [GroupGrant(most=0)], {}, True, "0 of at most 0 of what group crew grants"),
    ("below", [GroupGrant(most=5)], MIXED, False, "4 of at most 5 of what group crew grants"),
    ("at it", [GroupGrant(most=4)], MIXED, True, "4 of at most 4 of what group crew grants"),
    (
        "only what the grant is about counts",
        [GroupGrant(asset_types=("drill",), most=2)],
        MIXED,
        False,
        "1 of at most 2 of what group crew grants",
    ),
    (
        "by category, of types that are known",
        [GroupGrant(categories=("tools",), most=2)],
        MIXED,
        True,
        "2 of at most 2 of what group crew grants",
    ),
    (
        "at its sites only",
        [GroupGrant(sites=("hq",), most=2)],
        TWO_DRILLS,
        False,
        "1 of at most 2 of what group crew grants",
    ),
    (
        "at its banks only",
        [GroupGrant(banks=("hq-01",), most=1)],
        TWO_DRILLS,
        True,
        "1 of at most 1 of what group crew grants",
    ),
    (
        "the strictest of several that speak about it",
        [GroupGrant(most=9), GroupGrant(asset_types=("drill",), most=2)],
        TWO_DRILLS,
        True,
        "2 of at most 2 of what group crew grants",
    ),
    (
        "one without a limit does not lift another's",
        [GroupGrant(), GroupGrant(most=2)],
        TWO_DRILLS,
        True,
        "2 of at most 2 of what group crew grants",
    ),
    (
        "a grant about something else means nothing",
        [GroupGrant(), GroupGrant(asset_types=("saw",), most=0)],
        TWO_DRILLS,
        False,
        "no limit applies",
    ),
    (
        "nor one for another place",
        [GroupGrant(), GroupGrant(sites=("dock",), most=0)],
        TWO_DRILLS,
        False,
        "no limit applies",
    ),
]


@pytest.mark.parametrize(
    ("grants", "holdings", "refused", "detail"), [case[1:] for case in GRANTS], ids=[case[0] for case in GRANTS]
)
def test_row_9_what_a_group_grants_can_be_limited(
    grants: list[GroupGrant], holdings: dict[str, Holding], detail: str, *, refused: bool
) -> None:
    found = allowance(subject(holdings=holdings), book(grants=tuple(grants)))
    assert (found.code, found.detail) == ("allowance_reached" if refused else None, detail)
    assert found.says in ({"allowance_reached.grant", "allowance_reached.none"} if refused else {None})


ANY_GRANT = st.builds(
    GroupGrant,
    asset_types=st.lists(st.sampled_from(["drill", "saw", "laptop"]), max_size=2).map(tuple),
    categories=st.lists(st.sampled_from(["tools", "it"]), max_size=1).map(tuple),
    sites=st.lists(st.sampled_from(["hq", "dock"]), max_size=1).map(tuple),
    banks=st.lists(st.sampled_from(["hq-01", "dock-01"]), max_size=1).map(tuple),
    most=st.none() | st.integers(0, 3),
)
ANY_HOLDINGS = st.lists(
    st.tuples(
        st.sampled_from(["drill", "saw", "laptop"]),
        st.sampled_from(["hq", "dock"]),
        st.sampled_from(["open", "pending"]),
    ),
    max_size=5,
).map(lambda things: held(*things))


@STEADY
@given(grants=st.lists(ANY_GRANT, max_size=4).map(tuple), holdings=ANY_HOLDINGS, limits=st.none() | st.integers(0, 3))
def test_row_9_the_most_restrictive_limit_wins(
    grants: tuple[GroupGrant, ...], holdings: dict[str, Holding], limits: int | None
) -> None:
    """Judging by all at once refuses exactly where judging by one of them alone does."""
    policies = [] if limits is None else most(total=limits)
    alone = [book(grants=(grant,)) for grant in grants] + [book(*policies)]
    refused = any(allowance(subject(holdings=holdings), each).code for each in alone)
    assert (allowance(subject(holdings=holdings), book(*policies, grants=grants)).code is not None) is refused


@STEADY
@given(grants=st.lists(ANY_GRANT, max_size=4).map(tuple), holdings=ANY_HOLDINGS)
def test_row_9_a_limit_more_or_a_loan_more_never_allows_what_was_refused(
    grants: tuple[GroupGrant, ...], holdings: dict[str, Holding]
) -> None:
    if allowance(subject(holdings=holdings), book(grants=grants)).code is None:
        return
    stricter = (*grants, GroupGrant(most=0))
    assert allowance(subject(holdings=holdings), book(grants=stricter)).code == "allowance_reached"
    more = {**holdings, **{f"more-{key}": each for key, each in held(("drill", "hq", "open")).items()}}
    assert allowance(subject(holdings=more), book(grants=grants)).code == "allowance_reached"
