"""A row that was overridden passes: with what was against it, who let it pass, and what else it has to say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.support.judging import DRILL, NOW, book, subject
from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.doors import Content
from toolcrib.domain.judges.finding import Finding, Remark
from toolcrib.domain.people import Certification, GroupGrant, ManualBlock, Override
from toolcrib.domain.record import replace
from toolcrib.domain.rules import Row, Verdict, evaluate
from toolcrib.domain.upkeep import Charging, Condition, Service, ServiceAction

UNTIL = NOW + timedelta(hours=1)
BLOCKED = {"b": ManualBlock(since=NOW, by="boss", reason="x")}
UNIT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)
BROKEN = replace(UNIT, condition=Condition.CRITICAL)
BOTH = ("faulty", "charge_low")


def given(*codes: str) -> dict[str, Override]:
    """Overrides by ids `o-<code>`, each with a reason of its own."""
    return {
        f"o-{code}": Override(
            code=code,
            by="boss",
            reason="x",
            reason_sha256=f"hash of {code}",
            since=NOW,
            until=UNTIL,
            asset_type="drill",
        )
        for code in codes
    }


def judged(*codes: str, kind: dict[str, Any] | None = None, unit: Content | None = None, **person: Any) -> Verdict:
    """Return the verdict on someone who may take drills but for what is asked, with overrides of these codes."""
    about = {"asset_type": replace(DRILL, **(kind or {})), "content": unit}
    return evaluate(subject(about=about, overrides=given(*codes), **person), book(grants=(GroupGrant(),)))


def proofs(*codes: str) -> dict[str, str]:
    by = {f"{code}.overridden_by": "boss" for code in codes}
    return by | {f"{code}.reason_sha256": f"hash of {code}" for code in codes}


def over(*details: str) -> str:
    return "; ".join(f"overridden by boss until 2026-11-20T10:00:00Z: {detail}" for detail in details)


FLAT = "charged to 0 %, at least 40 %"
LOW = {"charging": Charging(minimum=40)}
WARNED = {"service": Service(loans=1, action=ServiceAction.WARN)}
WARNING = (Remark(says="service_due.warn"),)
LIFTS = (RequiredCertification(certification="lift"), RequiredCertification(certification="crane"))
EXPIRED = "lift expired at 2026-11-20T09:00:00Z, grace 0 d, now 2026-11-20T09:00:00Z"

PASSES: list[tuple[str, Row, Callable[[], Verdict], Finding]] = [
    (
        "a rule with one code",
        Row.BLOCKS,
        lambda: judged("blocked", blocks=BLOCKED),
        Finding(
            detail=over("manual since 2026-11-20T09:00:00Z, lifts when by hand"),
            proves=proofs("blocked"),
            overrides=("o-blocked",),
        ),
    ),
    (
        "one of the codes of a rule",
        Row.CONDITION,
        lambda: judged("faulty", unit=BROKEN),
        Finding(detail=over("drill-1 is critical"), proves=proofs("faulty"), overrides=("o-faulty",)),
    ),
    (
        "what the rule warns of beside it is still said",
        Row.CONDITION,
        lambda: judged("faulty", kind=WARNED, unit=replace(BROKEN, lent=1)),
        Finding(detail=over("drill-1 is critical"), proves=proofs("faulty"), overrides=("o-faulty",), remarks=WARNING),
    ),
    (
        "two codes of one rule",
        Row.CONDITION,
        lambda: judged(*BOTH, kind=LOW, unit=BROKEN),
        Finding(
            detail=over("drill-1 is critical", FLAT),
            proves=proofs(*BOTH),
            overrides=("o-faulty", "o-charge_low"),
        ),
    ),
    (
        "two codes and a warning",
        Row.CONDITION,
        lambda: judged(*BOTH, kind={**LOW, **WARNED}, unit=replace(BROKEN, lent=1)),
        Finding(
            detail=over("drill-1 is critical", FLAT),
            proves=proofs(*BOTH),
            overrides=("o-faulty", "o-charge_low"),
            remarks=WARNING,
        ),
    ),
    (
        "several certifications, each as it lacks",
        Row.CERTIFICATION,
        lambda: judged(
            "certification_expired",
            "certification_missing",
            kind={"certifications": LIFTS},
            certifications={"lift": Certification(valid_until=NOW)},
        ),
        Finding(
            detail=over(EXPIRED, "crane is missing"),
            proves=proofs("certification_expired", "certification_missing"),
            overrides=("o-certification_expired", "o-certification_missing"),
        ),
    ),
]


@pytest.mark.parametrize(("row", "asked", "found"), [case[1:] for case in PASSES], ids=[case[0] for case in PASSES])
def test_what_was_overridden_passes_and_says_what_was_against_it(
    row: Row, asked: Callable[[], Verdict], found: Finding
) -> None:
    verdict = asked()
    assert verdict.findings[row] == found
    assert (verdict.allowed, verdict.remarks, verdict.overrides) == (True, found.remarks, found.overrides)
    assert verdict.proofs == found.proves


LEFT = Finding(code="charge_low", detail=FLAT, facts={"thing": "Drill 1", "percent": 0, "least": 40})
REFUSED: list[tuple[str, Callable[[], Verdict], Finding]] = [
    ("nothing is overridden", lambda: judged(kind=LOW, unit=UNIT), LEFT),
    ("another code is", lambda: judged("faulty", kind=LOW, unit=UNIT), LEFT),
    ("the first is, and the second stands", lambda: judged("faulty", kind=LOW, unit=BROKEN), LEFT),
    (
        "the second is, and the first stands",
        lambda: judged("charge_low", kind=LOW, unit=BROKEN),
        Finding(code="faulty", detail="drill-1 is critical", facts={"thing": "Drill 1"}),
    ),
]


@pytest.mark.parametrize(("asked", "found"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_code_that_is_left_refuses_by_itself_and_no_override_is_used_up(
    asked: Callable[[], Verdict], found: Finding
) -> None:
    verdict = asked()
    assert verdict.findings[Row.CONDITION] == verdict.refused == found
    assert (verdict.overrides, verdict.proofs, verdict.needs) == ((), {}, ())


def test_the_overrides_of_several_rows_are_all_used_up() -> None:
    verdict = judged("blocked", "faulty", unit=BROKEN, blocks=BLOCKED)
    assert (verdict.allowed, verdict.overrides) == (True, ("o-blocked", "o-faulty"))
    assert verdict.proofs == proofs("blocked", "faulty")


def test_another_unit_that_needs_no_override_uses_none() -> None:
    assert judged("faulty", unit=UNIT).overrides == ()
