"""An override lets one take pass in spite of one code: what it covers, and what it leaves alone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.judging import BADGE, DRILL, NOW, SECOND, book, subject
from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.doors import Content
from toolcrib.domain.overrides import OVERRIDABLE, PERMISSIONS, covering, left
from toolcrib.domain.people import Badge, Certification, GroupGrant, LastTake, ManualBlock, Override, Person
from toolcrib.domain.policies import Allowance, Policy
from toolcrib.domain.record import replace
from toolcrib.domain.rules import PROOFS, RIGHTS, Row, evaluate
from toolcrib.domain.upkeep import Charging, Condition

HOUR = timedelta(hours=1)
BLOCKED = {"b": ManualBlock(since=NOW, by="boss", reason="x")}


def override(code: str = "blocked", **more: Any) -> Override:
    given = {"code": code, "by": "boss", "reason": "all hands", "reason_sha256": "ab12", "since": NOW}
    return Override(**{**given, "until": NOW + HOUR, "asset_type": "drill", "site": "hq", **more})


COVERS = [
    ("a type at a site", {}, True),
    ("another type", {"asset_type": "saw"}, False),
    ("the asset", {"asset_type": None, "asset": "drill-1"}, True),
    ("another asset", {"asset_type": None, "asset": "drill-2"}, False),
    ("the bank", {"site": None, "bank": "hq-01"}, True),
    ("another bank", {"site": None, "bank": "hq-02"}, False),
    ("another site", {"site": "dock"}, False),
    ("a second left", {"until": NOW + SECOND}, True),
    ("over now", {"until": NOW}, False),
    ("another code", {"code": "no_access"}, False),
    ("given by the taker", {"by": "ana"}, False),
]
UNIT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)


@pytest.mark.parametrize(("more", "covers"), [case[1:] for case in COVERS], ids=[case[0] for case in COVERS])
def test_an_override_covers_one_code_for_one_thing_at_one_place_up_to_its_end(
    more: dict[str, Any], *, covers: bool
) -> None:
    asked = subject(about={"content": UNIT}, overrides={"o": override(**more)})
    assert (covering(asked, "blocked") is not None) is covers


def test_the_first_to_expire_is_used() -> None:
    both = {"a": override(until=NOW + HOUR), "b": override(until=NOW + SECOND)}
    found = covering(subject(overrides=both), "blocked")
    assert found is not None
    assert found[0] == "b"


def test_a_take_passes_in_spite_of_the_code_and_the_trace_says_by_whom() -> None:
    verdict = evaluate(subject(blocks=BLOCKED, overrides={"o": override()}), book(grants=(GroupGrant(),)))
    assert (verdict.allowed, verdict.overrides) == (True, ("o",))
    line = next(line for line in verdict.trace if line.rule == "blocks")
    assert (line.passed, line.code) == (True, None)
    assert line.detail.startswith("overridden by boss until 2026-11-20T10:00:00Z: manual since")
    assert verdict.proofs == {"blocked.overridden_by": "boss", "blocked.reason_sha256": "ab12"}


def test_an_override_that_is_not_needed_is_not_used() -> None:
    verdict = evaluate(subject(overrides={"o": override()}), book(grants=(GroupGrant(),)))
    assert (verdict.allowed, verdict.overrides, verdict.proofs) == (True, (), {})


def test_another_code_still_refuses() -> None:
    verdict = evaluate(subject(blocks=BLOCKED, overrides={"o": override()}), book())
    assert verdict.code == "no_access"


def test_a_rule_with_several_codes_is_asked_for_what_else_it_has_against_it() -> None:
    names = ("lift", "crane")
    kind = replace(DRILL, certifications=tuple(RequiredCertification(certification=name) for name in names))
    expired = {"lift": Certification(valid_until=NOW)}
    given = {"o": override("certification_expired")}
    asked = subject(about={"asset_type": kind}, certifications=expired, overrides=given)
    assert evaluate(asked, book(grants=(GroupGrant(),))).code == "certification_missing"
    given |= {"p": override("certification_missing")}
    asked = subject(about={"asset_type": kind}, certifications=expired, overrides=given)
    verdict = evaluate(asked, book(grants=(GroupGrant(),)))
    assert (verdict.allowed, set(verdict.overrides)) == (True, {"o", "p"})
    assert set(verdict.proofs) == {
        f"certification_{how}.{what}" for how in ("expired", "missing") for what in ("overridden_by", "reason_sha256")
    }


def test_an_override_of_a_fault_says_nothing_of_service_or_charge() -> None:
    flat = replace(UNIT, condition=Condition.CRITICAL, charge=1, charge_at=NOW)
    kind = replace(DRILL, charging=Charging(minimum=50))
    asked = subject(about={"content": flat, "asset_type": kind}, overrides={"o": override("faulty")})
    assert evaluate(asked, book(grants=(GroupGrant(),))).code == "charge_low"


NEVER: list[tuple[str, dict[str, Any], Badge]] = [
    ("person_frozen", {"active": False}, BADGE),
    ("person_not_yet_valid", {"valid_from": NOW + SECOND}, BADGE),
    ("person_expired", {"valid_until": NOW}, BADGE),
    ("badge_unknown", {}, Badge(id="1.x", person="tom")),
    ("badge_elsewhere", {"last_take": LastTake(site="dock", at=NOW)}, BADGE),
]


@pytest.mark.parametrize(("code", "person", "badge"), NEVER, ids=[case[0] for case in NEVER])
def test_who_somebody_is_cannot_be_overridden(code: str, person: dict[str, Any], badge: Badge) -> None:
    asked = subject(badge, overrides={"o": override(code)}, **person)
    assert evaluate(asked, book(grants=(GroupGrant(),))).code == code


def test_every_code_has_its_permission_and_rules_1_2_and_12_have_none() -> None:
    assert tuple(f"override:{code}" for code in OVERRIDABLE) == PERMISSIONS
    assert not {"pin_required", "pin_locked", "badge_revoked", "person_frozen"} & set(OVERRIDABLE)
    assert {Row.PERSON, Row.BADGE} < RIGHTS.keys() | PROOFS.keys()


def test_an_allowance_is_overridden_once_whatever_the_limits() -> None:
    none = Policy(id="none", period=book().fallback.period, allowance=Allowance(type=0, total=0))
    asked = subject(overrides={"o": override("allowance_reached")})
    verdict = evaluate(asked, book(none, grants=(GroupGrant(most=0),)))
    assert (verdict.allowed, verdict.overrides) == (True, ("o",))


def test_what_is_left_is_neither_used_nor_over() -> None:
    given = {"used": override(), "kept": override("no_access"), "over": override(until=NOW)}
    who = Person(id="ana", name="Ana", overrides=given)
    assert left(who, ("used",), NOW) == {"kept": given["kept"]}
    assert left(who, (), NOW) is None
