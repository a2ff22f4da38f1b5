"""Whom a new case is told to, and how (product.md; rules.md, *Doors*)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.workplace import FALLBACK, NOW, site
from toolcrib.domain.alerts import DELAY, MOST_SUPERVISORS, URGENT, alerts, with_alerts
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.change import Change
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook

HQ = site(supervisors=("p-9", "p-8"), channel="#tools")
BOOK = RuleBook(fallback=FALLBACK, sites={"hq": HQ})


def case(kind: CaseKind = CaseKind.FORCED, **more: Any) -> Case:
    return Case(**{"id": f"c-{kind}", "kind": kind, "opened_at": NOW, "site": "hq", **more})


@pytest.mark.parametrize("kind", CaseKind)
def test_the_channel_hears_of_every_case_and_supervisors_have_it_by_mail(kind: CaseKind) -> None:
    told = [(notice.recipient, str(notice.via)) for notice in alerts(case(kind), HQ)]
    assert told[:3] == [("#tools", "slack"), ("p-9", "email"), ("p-8", "email")]
    assert told[3:] == ([("p-9", "slack"), ("p-8", "slack")] if kind in URGENT else [])


def test_a_door_left_open_is_an_alarm_only_after_another_minute() -> None:
    for notice in alerts(case(CaseKind.LEFT_OPEN), HQ):
        assert notice.hold_until == notice.wake_at == NOW + timedelta(seconds=60)
    assert set(DELAY) == {CaseKind.LEFT_OPEN, CaseKind.COUNTERSIGNATURE, CaseKind.MISPLACED}
    assert all(notice.hold_until is None for notice in alerts(case(), HQ))


def test_a_site_without_people_or_channel_is_told_nothing() -> None:
    assert alerts(case(), site()) == ()


def test_not_everybody_can_be_told_at_once() -> None:
    many = site(supervisors=tuple(f"p-{number}" for number in range(50)))
    assert len(alerts(case(CaseKind.JAMMED), many)) == MOST_SUPERVISORS


def test_a_repeat_makes_no_second_notice() -> None:
    ids = [notice.id for notice in alerts(case(), HQ)]
    assert ids == [notice.id for notice in alerts(case(), HQ)]
    assert len(set(ids)) == len(ids)


def test_only_what_a_change_newly_opens_is_told() -> None:
    resolved = case(state=CaseState.RESOLVED)
    older = case(CaseKind.TAMPER, version=2)
    nowhere = case(CaseKind.FAULT, site=None)
    change = Change(op="o", at=NOW, cases=(resolved, older, nowhere))
    assert with_alerts(change, BOOK) == change
    told = with_alerts(replace(change, cases=(*change.cases, case(CaseKind.JAMMED))), BOOK)
    assert {notice.case for notice in told.notices} == {"c-jammed"}


def test_many_cases_at_once_are_told_by_the_most_urgent() -> None:
    kinds = (CaseKind.UNKNOWN_TAG, CaseKind.FORCED, CaseKind.WRONG_ITEM, CaseKind.JAMMED)
    change = Change(op="o", at=NOW, cases=tuple(case(kind) for kind in kinds))
    told = {notice.case for notice in with_alerts(change, BOOK).notices}
    assert told == {"c-forced"}
