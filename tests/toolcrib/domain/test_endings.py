"""What of a person comes to an end, and who is told beforehand: each step once, whatever runs twice or late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import NOW, SECOND
from tests.support.loans import holding
from toolcrib.domain.endings import next_look, still_so, told
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Certification, Person
from toolcrib.domain.policies import Site
from toolcrib.domain.record import replace

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
HQ = Site(id="hq", name="HQ", time_zone="UTC", supervisors=("boss", "ana"))
LOAN = {"l": holding(name="Drill 1")}


def person(**more: Any) -> Person:
    return Person(**{"id": "ana", "name": "Ana", "site": "hq", "manager": "chief", **more})


def certified(until: datetime, name: str = "lift") -> dict[str, Certification]:
    return {name: Certification(valid_until=until)}


def swept(who: Person, now: datetime, site: Site | None = HQ) -> tuple[Person, list[Notice]]:
    """Look at a person until nothing more is due."""
    notices: list[Notice] = []
    while (look := next_look(who)) is not None and look <= now:
        who, new = told(who, now, site)
        notices += new
    return who, notices


def said(notices: list[Notice]) -> list[tuple[str, str, str]]:
    return [(each.step, str(each.to), each.recipient) for each in notices]


LOOKS = [
    ("nothing ends", {}, None),
    ("a certification for good", {"certifications": {"lift": Certification()}}, None),
    ("a certification", {"certifications": certified(NOW + 90 * DAY)}, NOW + 60 * DAY),
    ("their own time", {"valid_until": NOW + 90 * DAY}, NOW + 83 * DAY),
    ("the first of both", {"valid_until": NOW + 9 * DAY, "certifications": certified(NOW + 90 * DAY)}, NOW + 2 * DAY),
]


@pytest.mark.parametrize(("more", "look"), [case[1:] for case in LOOKS], ids=[case[0] for case in LOOKS])
def test_a_person_is_looked_at_when_the_first_step_is_due(more: dict[str, Any], look: datetime | None) -> None:
    assert next_look(person(**more)) == look


@pytest.mark.parametrize("days", [30, 7])
def test_a_certification_is_warned_of_30_and_7_days_before_not_a_second_earlier(days: int) -> None:
    who = person(certifications=certified(NOW + 60 * DAY))
    who, _ = swept(who, NOW + 60 * DAY - 31 * DAY)
    if days == 7:
        who, _ = swept(who, NOW + 31 * DAY)
    at = NOW + 60 * DAY - days * DAY
    assert swept(who, at - SECOND)[1] == []
    after, notices = swept(who, at)
    assert said(notices) == [(f"-P{days}D", "holder", "ana"), (f"-P{days}D", "supervisor", "boss")]
    assert {(each.state, each.late, each.about, each.ends_at) for each in notices} == {
        (NoticeState.PENDING, False, "certification.lift", NOW + 60 * DAY)
    }
    assert swept(after, at + DAY)[1] == []


def test_after_an_outage_every_step_has_its_record_and_the_last_is_sent_late() -> None:
    who = person(certifications=certified(NOW))
    after, notices = swept(who, NOW - DAY)
    assert [(each.step, each.recipient, each.state, each.late) for each in notices] == [
        ("-P30D", "ana", NoticeState.SUPERSEDED, True),
        ("-P30D", "boss", NoticeState.SUPERSEDED, True),
        ("-P7D", "ana", NoticeState.PENDING, True),
        ("-P7D", "boss", NoticeState.PENDING, True),
    ]
    assert next_look(after) is None


@pytest.mark.parametrize(("ago", "count"), [(7 * DAY, 4), (7 * DAY + SECOND, 0)])
def test_nobody_is_warned_of_what_expired_long_ago(ago: timedelta, count: int) -> None:
    after, notices = swept(person(certifications=certified(NOW - ago)), NOW)
    assert (len(notices), next_look(after)) == (count, None)


def test_a_renewed_certification_begins_anew() -> None:
    who, _ = swept(person(certifications=certified(NOW + 10 * DAY)), NOW)
    renewed = replace(who, certifications=certified(NOW + 400 * DAY))
    assert next_look(renewed) == NOW + 370 * DAY
    assert not still_so(renewed, "certification.lift", NOW + 10 * DAY)
    later, notices = swept(renewed, NOW + 370 * DAY)
    assert len(notices) == 2
    assert later.told.keys() == {"certification.lift"}


def test_the_same_end_gives_the_same_ids_again() -> None:
    who = person(certifications=certified(NOW + 10 * DAY))
    first = swept(who, NOW)[1]
    assert [each.id for each in swept(who, NOW + DAY)[1]] == [each.id for each in first]
    assert len({each.id for each in first}) == len(first)


LATER = (1, 3, *range(7, 85, 7))


@pytest.mark.parametrize("gone", [{"valid_until": NOW}, {"active": False, "frozen_at": NOW}], ids=["left", "frozen"])
def test_what_somebody_still_has_is_asked_for_again_and_again_of_them_and_of_others(gone: dict[str, Any]) -> None:
    who, _ = swept(person(**gone, holdings=LOAN), NOW)
    for days in LATER:
        assert swept(who, NOW + days * DAY - SECOND)[1] == []
        who, notices = swept(who, NOW + days * DAY)
        assert said(notices) == [
            (f"P{days}D", "holder", "ana"),
            (f"P{days}D", "supervisor", "boss"),
            (f"P{days}D", "manager", "chief"),
        ]
    assert next_look(who) is None


def test_who_is_frozen_is_not_reminded_of_their_certifications_nor_of_an_end_that_would_have_come() -> None:
    who = person(active=False, frozen_at=NOW, valid_until=NOW + DAY, certifications=certified(NOW), holdings=LOAN)
    assert {each.about for each in swept(who, NOW + 84 * DAY)[1]} == {"frozen_at"}


LEAVING = [
    (-7 * DAY, [("-P7D", "holder", "ana")]),
    (-DAY, [("-P1D", "holder", "ana")]),
    (timedelta(), [("PT0S", "supervisor", "boss"), ("PT0S", "manager", "chief")]),
]


@pytest.mark.parametrize(("offset", "expected"), LEAVING)
def test_whoever_leaves_with_something_is_asked_for_it_and_in_the_end_others_are_told(
    offset: timedelta, expected: list[tuple[str, str, str]]
) -> None:
    who = person(valid_until=NOW, holdings=LOAN)
    for earlier in (-7 * DAY, -DAY):
        if earlier < offset:
            who, _ = swept(who, NOW + earlier)
    assert said(swept(who, NOW + offset - SECOND)[1]) == []
    assert said(swept(who, NOW + offset)[1]) == expected


@pytest.mark.parametrize("holdings", [{}, {"x.drill-1": holding()}, {"l": holding(state="pending")}])
def test_whoever_has_nothing_is_asked_for_nothing(holdings: dict[str, Any]) -> None:
    for gone in (person(valid_until=NOW, holdings=holdings), person(active=False, frozen_at=NOW, holdings=holdings)):
        after, notices = swept(gone, NOW + 84 * DAY)
        assert (notices, next_look(after)) == ([], None)


def test_a_demand_holds_while_the_end_is_the_same_and_something_is_out() -> None:
    who = person(valid_until=NOW, holdings=LOAN)
    assert still_so(who, "valid_until", NOW)
    assert not still_so(replace(who, holdings={}), "valid_until", NOW)
    assert not still_so(replace(who, valid_until=NOW + DAY), "valid_until", NOW)
    assert not still_so(replace(who, valid_until=None), "valid_until", NOW)


def test_without_a_known_site_or_manager_the_person_is_told_alone() -> None:
    who = person(certifications=certified(NOW), manager=None)
    assert {each.recipient for each in swept(who, NOW, None)[1]} == {"ana"}


def test_who_is_frozen_is_told_nothing() -> None:
    assert swept(person(active=False, certifications=certified(NOW)), NOW)[1] == []


ENDS = st.integers(-40, 80).map(lambda days: NOW + days * DAY)


@STEADY
@given(
    lift=ENDS, crane=ENDS, own=st.none() | ENDS, sweeps=st.lists(st.integers(0, 90), min_size=1, max_size=8).map(sorted)
)
def test_every_step_has_one_record_however_often_and_late_it_is_swept(
    lift: datetime, crane: datetime, own: datetime | None, sweeps: list[int]
) -> None:
    who = person(certifications={**certified(lift), **certified(crane, "crane")}, valid_until=own, holdings=LOAN)
    notices: list[Notice] = []
    for days in [each for each in sweeps for _ in range(2)]:
        who, new = swept(who, NOW + days * DAY)
        notices += new
    assert len({each.id for each in notices}) == len(notices)
    last = NOW + sweeps[-1] * DAY
    look = next_look(who)
    assert look is None or look > last
    assert all(each.due_at <= last for each in notices)
