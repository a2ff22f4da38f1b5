"""Row 5: the person has learned what the type asks for."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import DRILL, NOW, SECOND, book, subject
from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.judges.certification import certification
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Certification
from toolcrib.domain.record import replace

DAY = timedelta(days=1)
STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def judged(*required: tuple[str, int], **has: datetime | None) -> Finding:
    """Judge a person with certifications (name to valid until) about a type that requires (name, grace in days)."""
    kinds = tuple(RequiredCertification(certification=name, grace_days=days) for name, days in required)
    certifications = {name: Certification(valid_until=until) for name, until in has.items()}
    about = {"asset_type": replace(DRILL, certifications=kinds)}
    return certification(subject(about=about, certifications=certifications), book())


CERTIFICATIONS = [
    ("none is required", [], {}, None),
    ("none is required of whom who has one", [], {"lift": NOW - DAY}, None),
    ("missing", [("lift", 0)], {}, "certification_missing"),
    ("missing has no grace", [("lift", 366)], {}, "certification_missing"),
    ("another one", [("lift", 0)], {"crane": None}, "certification_missing"),
    ("for good", [("lift", 0)], {"lift": None}, None),
    ("a second before the end", [("lift", 0)], {"lift": NOW + SECOND}, None),
    ("at the end", [("lift", 0)], {"lift": NOW}, "certification_expired"),
    ("a second before the end of the grace", [("lift", 3)], {"lift": NOW - 3 * DAY + SECOND}, None),
    ("at the end of the grace", [("lift", 3)], {"lift": NOW - 3 * DAY}, "certification_expired"),
    ("both", [("lift", 0), ("crane", 0)], {"lift": None, "crane": None}, None),
    ("one of two is missing", [("lift", 0), ("crane", 0)], {"lift": None}, "certification_missing"),
    ("the first that fails is named", [("lift", 0), ("crane", 0)], {"lift": NOW}, "certification_expired"),
]


@pytest.mark.parametrize(
    ("required", "has", "code"), [case[1:] for case in CERTIFICATIONS], ids=[case[0] for case in CERTIFICATIONS]
)
def test_row_5_every_certification_is_there_and_valid_or_within_its_grace(
    required: list[tuple[str, int]], has: dict[str, datetime | None], code: str | None
) -> None:
    assert judged(*required, **has).code == code


def test_row_5_says_where_none_is_required() -> None:
    assert judged(lift=NOW) == Finding(detail="none is required")


def test_row_5_tells_what_it_compared() -> None:
    expired = judged(("lift", 3), lift=NOW - 4 * DAY)
    assert expired.detail == "lift expired at 2026-11-16T09:00:00Z, grace 3 d, now 2026-11-20T09:00:00Z"
    assert expired.facts == {"certification": "lift", "thing": "Drill", "since": NOW - 4 * DAY}
    missing = judged(("lift", 3))
    assert (missing.detail, missing.facts) == ("lift is missing", {"certification": "lift", "thing": "Drill"})
    fine = judged(("lift", 0), ("crane", 0), lift=None, crane=NOW + DAY)
    assert fine.detail == "lift is valid for good; crane is valid until 2026-11-21T09:00:00Z, now 2026-11-20T09:00:00Z"


@STEADY
@given(
    until=st.integers(-10_000, 10_000).map(lambda days: NOW + timedelta(days=days)),
    days=st.integers(0, 366),
)
def test_row_5_the_grace_is_so_many_days_and_not_a_second_more(until: datetime, days: int) -> None:
    kinds = (RequiredCertification(certification="lift", grace_days=days),)
    end = until + timedelta(days=days)
    for at, code in ((end - SECOND, None), (end, "certification_expired")):
        about = {"asset_type": replace(DRILL, certifications=kinds), "at": at}
        has = {"lift": Certification(valid_until=until)}
        assert certification(subject(about=about, certifications=has), book()).code == code
