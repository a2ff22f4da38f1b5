"""Each rule about taking, on both sides of its boundary, with the numbers it compared."""

from datetime import UTC, datetime, timedelta

import pytest

from toolcrib.domain.assets import AssetType
from toolcrib.domain.judges import PLAUSIBLE_TRAVEL, Finding, access, allowance, badge_plausible, person_active
from toolcrib.domain.people import Badge, BadgeState, Group, GroupGrant, Holding, LastTake, Person
from toolcrib.domain.policies import Allowance, Match, Period, Policy, Site
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook, Subject

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERIOD = Period(after=timedelta(hours=8))
FALLBACK = Policy(id="fallback", period=PERIOD)
DRILL = AssetType(id="drill", name="Drill", category="tools")
TYPES = {
    each.id: each
    for each in (
        DRILL,
        AssetType(id="saw", name="Saw", category="tools"),
        AssetType(id="laptop", name="Laptop", category="it"),
    )
}
BADGE = Badge(id="1.x", person="ana")


def subject(badge: Badge | None = None, **person: object) -> Subject:
    return Subject(
        person=Person(**{"id": "ana", "name": "Ana", "groups": ("crew",), **person}),  # type: ignore[arg-type]
        badge=badge,
        asset_type=DRILL,
        bank="hq-01",
        site=Site(id="hq", name="HQ", time_zone="UTC"),
        at=NOW,
    )


def book(*policies: Policy, grants: tuple[GroupGrant, ...] = ()) -> RuleBook:
    groups = {"crew": Group(id="crew", name="Crew", grants=grants)}
    return RuleBook(fallback=FALLBACK, policies={each.id: each for each in policies}, groups=groups, types=TYPES)


PEOPLE = [
    ("active", {}, None),
    ("frozen", {"active": False}, "person_frozen"),
    ("frozen and expired", {"active": False, "valid_until": NOW - SECOND}, "person_frozen"),
    ("begins now", {"valid_from": NOW}, None),
    ("begins in a second", {"valid_from": NOW + SECOND}, "person_not_yet_valid"),
    ("ends in a second", {"valid_until": NOW + SECOND}, None),
    ("ends now", {"valid_until": NOW}, "person_expired"),
    ("ended a second ago", {"valid_until": NOW - SECOND}, "person_expired"),
]


@pytest.mark.parametrize(("person", "code"), [case[1:] for case in PEOPLE], ids=[case[0] for case in PEOPLE])
def test_row_1_the_person_is_active_and_within_their_time(person: dict[str, object], code: str | None) -> None:
    assert person_active(subject(**person), book()).code == code


def test_row_1_tells_the_times_it_compared() -> None:
    early = person_active(subject(valid_from=NOW + SECOND), book())
    assert early.detail == "valid from 2026-11-20T09:00:01Z, now 2026-11-20T09:00:00Z"
    late = person_active(subject(valid_until=NOW), book())
    assert late.detail == "valid until 2026-11-20T09:00:00Z, now 2026-11-20T09:00:00Z"


def test_row_2_without_a_badge_there_is_nothing_to_judge() -> None:
    elsewhere = LastTake(site="dock", at=NOW)
    assert badge_plausible(subject(None, last_take=elsewhere), book()) == Finding(detail="no badge was used")


BADGES = [
    ("active", BADGE, None),
    ("revoked", replace(BADGE, state=BadgeState.REVOKED), "badge_revoked"),
    ("another person's", replace(BADGE, person="tom"), "badge_unknown"),
    ("another person's and revoked", Badge(id="1.x", person="tom", state=BadgeState.REVOKED), "badge_unknown"),
]


@pytest.mark.parametrize(("badge", "code"), [case[1:] for case in BADGES], ids=[case[0] for case in BADGES])
def test_row_2_the_badge_is_active_and_the_persons_own(badge: Badge, code: str | None) -> None:
    assert badge_plausible(subject(badge), book()).code == code


TRAVEL = [
    ("another site, a second too soon", "dock", PLAUSIBLE_TRAVEL - SECOND, "badge_elsewhere"),
    ("another site, just long enough", "dock", PLAUSIBLE_TRAVEL, None),
    ("another site, at once", "dock", timedelta(), "badge_elsewhere"),
    ("another site, told out of order", "dock", SECOND - PLAUSIBLE_TRAVEL, "badge_elsewhere"),
    ("another site, told out of order, long enough", "dock", -PLAUSIBLE_TRAVEL, None),
    ("the same site, at once", "hq", timedelta(), None),
]


@pytest.mark.parametrize(("site", "ago", "code"), [case[1:] for case in TRAVEL], ids=[case[0] for case in TRAVEL])
def test_row_2_nobody_travels_between_sites_in_less_than_five_minutes(
    site: str, ago: timedelta, code: str | None
) -> None:
    assert badge_plausible(subject(BADGE, last_take=LastTake(site=site, at=NOW - ago)), book()).code == code


def test_row_2_tells_both_sites_and_the_time_between() -> None:
    found = badge_plausible(subject(BADGE, last_take=LastTake(site="dock", at=NOW - 42 * SECOND)), book())
    assert found.detail == "at hq 42 s from a take at dock, at least 300 s are plausible"


GRANTS = [
    ("anything anywhere", GroupGrant(), True),
    ("the type", GroupGrant(asset_types=("saw", "drill")), True),
    ("another type", GroupGrant(asset_types=("saw",)), False),
    ("the category", GroupGrant(categories=("tools",)), True),
    ("another category", GroupGrant(categories=("it",)), False),
    ("another type but the category", GroupGrant(asset_types=("laptop",), categories=("tools",)), True),
    ("the site", GroupGrant(sites=("hq",)), True),
    ("another site", GroupGrant(sites=("dock",)), False),
    ("the bank", GroupGrant(banks=("hq-01",)), True),
    ("another bank of the site", GroupGrant(banks=("hq-02",)), False),
    ("another site but the bank", GroupGrant(sites=("dock",), banks=("hq-01",)), True),
    ("the type at another site", GroupGrant(asset_types=("drill",), sites=("dock",)), False),
    ("another type at the site", GroupGrant(asset_types=("saw",), sites=("hq",)), False),
    ("the category at the bank", GroupGrant(categories=("tools",), banks=("hq-01",)), True),
]


@pytest.mark.parametrize(("grant", "granted"), [case[1:] for case in GRANTS], ids=[case[0] for case in GRANTS])
def test_row_4_a_group_grants_the_type_at_the_bank(grant: GroupGrant, *, granted: bool) -> None:
    found = access(subject(), book(grants=(grant,)))
    assert found.code == (None if granted else "no_access")
    assert found.detail == ("group crew grants drill at hq-01" if granted else "none of 1 groups grants drill at hq-01")


@pytest.mark.parametrize("groups", [(), ("gone",), ("night",)])
def test_row_4_without_a_group_that_grants_it_nothing_may_be_taken(groups: tuple[str, ...]) -> None:
    everyone = replace(
        book(grants=(GroupGrant(),)),
        groups={"crew": Group(id="crew", name="", grants=(GroupGrant(),)), "night": Group(id="night", name="")},
    )
    assert access(subject(groups=groups), everyone).code == "no_access"


def test_row_4_one_grant_of_one_group_is_enough() -> None:
    grants = (GroupGrant(asset_types=("saw",)), GroupGrant(asset_types=("drill",)))
    assert access(subject(groups=("gone", "crew")), book(grants=grants)).code is None


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
    assert found == Finding(code="allowance_reached" if refused else None, detail=detail)
