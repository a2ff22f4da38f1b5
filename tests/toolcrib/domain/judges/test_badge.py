"""Row 2: the badge is this person's, is valid, and can be here."""

from datetime import timedelta

import pytest

from tests.support.judging import BADGE, NOW, SECOND, book, subject
from toolcrib.domain.judges.badge import PLAUSIBLE_TRAVEL, badge_plausible
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Badge, BadgeState, LastTake, Person
from toolcrib.domain.policies import Site
from toolcrib.domain.record import replace


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


@pytest.mark.parametrize(
    ("badge", "found"),
    [
        (BADGE, Finding(detail="the badge is active")),
        (replace(BADGE, state=BadgeState.REVOKED), Finding(code="badge_revoked", detail="the badge is revoked")),
        (replace(BADGE, person="tom"), Finding(code="badge_unknown", detail="the badge is not this person's")),
    ],
    ids=["active", "revoked", "another person's"],
)
def test_row_2_tells_what_is_wrong_with_the_badge(badge: Badge, found: Finding) -> None:
    assert badge_plausible(subject(badge), book()) == found


@pytest.mark.parametrize(
    ("sites", "told"),
    [({}, "dock"), ({"dock": Site(id="dock", name="The dock", time_zone="UTC")}, "The dock")],
    ids=["a site that is gone, by its id", "a site by its name"],
)
def test_row_2_tells_both_sites_and_the_time_between(sites: dict[str, Site], told: str) -> None:
    found = badge_plausible(subject(BADGE, last_take=LastTake(site="dock", at=NOW - 42 * SECOND)), book(sites=sites))
    assert found == Finding(
        code="badge_elsewhere",
        detail="at hq 42 s from a take at dock, at least 300 s are plausible",
        facts={"site": told},
    )


def test_row_2_is_about_whoever_stands_there() -> None:
    boss = Person(id="boss", name="Bo", last_take=LastTake(site="dock", at=NOW))
    asked = subject(replace(BADGE, person="boss"), about={"actor": boss})
    assert badge_plausible(asked, book()).code == "badge_elsewhere"
    assert badge_plausible(subject(BADGE, about={"actor": boss}), book()).code == "badge_unknown"
