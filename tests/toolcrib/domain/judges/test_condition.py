"""Row 7: faults, service, charge; the boundary on both sides."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.judging import DRILL, NOW, SECOND, book, subject
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.judges.condition import condition
from toolcrib.domain.judges.finding import Finding, Remark
from toolcrib.domain.kits import Kit
from toolcrib.domain.record import replace
from toolcrib.domain.upkeep import Charging, Condition, Service, ServiceAction

DAY = timedelta(days=1)
YEARLY = timedelta(days=365)
CHARGED = Charging(minimum=40, time=timedelta(minutes=100))


def judged(kind: dict[str, Any], *, features: tuple[str, ...] = (), door: bool = True, **facts: Any) -> Finding:
    given = {"asset": "drill-1", "type": "drill", "name": "Drill 1", "since": NOW - timedelta(minutes=40), **facts}
    unit = Content(**given)
    place = Door(bank="hq-01", number=1, features=features, contents=(unit,)) if door else None
    about = {"asset_type": replace(DRILL, **kind), "content": unit, "door": place}
    return condition(subject(about=about), book())


CASES: list[tuple[str, dict[str, Any], dict[str, Any], str | None, tuple[str, ...]]] = [
    ("all is well", {}, {}, None, ()),
    ("a minor fault warns", {}, {"condition": Condition.MINOR}, None, ("faulty.minor",)),
    ("a critical fault refuses", {}, {"condition": Condition.CRITICAL}, "faulty", ()),
    (
        "serviced a second too recently",
        {"service": Service(every=YEARLY)},
        {"serviced_at": NOW - YEARLY + SECOND},
        None,
        (),
    ),
    ("due to the second", {"service": Service(every=YEARLY)}, {"serviced_at": NOW - YEARLY}, "service_due", ()),
    ("the last loan before its service", {"service": Service(loans=3)}, {"lent": 2}, None, ()),
    ("the first loan after", {"service": Service(loans=3)}, {"lent": 3}, "service_due", ()),
    (
        "a type may only warn",
        {"service": Service(loans=3, action=ServiceAction.WARN)},
        {"lent": 3},
        None,
        ("service_due.warn",),
    ),
    ("charged just enough", {"charging": CHARGED}, {"charge": 40, "charge_at": NOW}, None, ()),
    ("a percent too low", {"charging": CHARGED}, {"charge": 39, "charge_at": NOW}, "charge_low", ()),
    ("a charge nobody knows is none", {"charging": CHARGED}, {}, "charge_low", ()),
    ("a charger fills it in time", {"charging": CHARGED}, {"features": ("charging",)}, None, ()),
    (
        "a charger has not filled it yet",
        {"charging": CHARGED},
        {"features": ("charging",), "since": NOW - timedelta(minutes=40) + SECOND},
        "charge_low",
        (),
    ),
    ("a type without a battery needs no charge", {}, {"charge": 0, "charge_at": NOW}, None, ()),
    (
        "several warnings are all said",
        {"service": Service(loans=1, action=ServiceAction.WARN)},
        {"lent": 1, "condition": Condition.MINOR},
        None,
        ("faulty.minor", "service_due.warn"),
    ),
    (
        "of several refusals the fault is told",
        {"service": Service(loans=1), "charging": CHARGED},
        {"lent": 1, "condition": Condition.CRITICAL},
        "faulty",
        (),
    ),
    ("then the service", {"service": Service(loans=1), "charging": CHARGED}, {"lent": 1}, "service_due", ()),
]


@pytest.mark.parametrize(
    ("kind", "facts", "code", "remarks"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_row_7(kind: dict[str, Any], facts: dict[str, Any], code: str | None, remarks: tuple[str, ...]) -> None:
    found = judged(kind, **facts)
    assert (found.code, tuple(remark.says for remark in found.remarks)) == (code, remarks)
    assert found.detail


def test_row_7_without_a_unit_has_nothing_to_look_at() -> None:
    assert condition(subject(), book()) == Finding(detail="no unit to look at")


WELL = ["lent by itself", "drill-1 is ok", "no service is due", "needs no charge"]
WARNS = Service(loans=2, action=ServiceAction.WARN)


def passing(part: int, says: str, *remarks: str) -> Finding:
    """What is found of a thing that may be lent: four parts, one of which says this."""
    detail = "; ".join([*WELL[:part], says, *WELL[part + 1 :]])
    return Finding(detail=detail, remarks=tuple(Remark(says=each) for each in remarks))


FOUND: list[tuple[str, dict[str, Any], dict[str, Any], Finding]] = [
    ("all is well", {}, {}, passing(1, "drill-1 is ok")),
    ("minor", {}, {"condition": Condition.MINOR}, passing(1, "drill-1 is minor", "faulty.minor")),
    (
        "critical",
        {},
        {"condition": Condition.CRITICAL},
        Finding(code="faulty", detail="drill-1 is critical", facts={"thing": "Drill 1"}),
    ),
    (
        "service blocks",
        {"service": Service(loans=2)},
        {"lent": 2},
        Finding(code="service_due", detail="2 loans since its service, every 2", facts={"thing": "Drill 1"}),
    ),
    (
        "service warns",
        {"service": WARNS},
        {"lent": 2},
        passing(2, "2 loans since its service, every 2, which only warns", "service_due.warn"),
    ),
    ("no service is due yet", {"service": WARNS}, {"lent": 1}, passing(2, "no service is due")),
    (
        "charge low",
        {"charging": CHARGED},
        {"charge": 12, "charge_at": NOW},
        Finding(
            code="charge_low",
            detail="charged to 12 %, at least 40 %",
            facts={"thing": "Drill 1", "percent": 12, "least": 40},
        ),
    ),
    (
        "charged",
        {"charging": CHARGED},
        {"charge": 50, "charge_at": NOW},
        passing(3, "charged to 50 %, at least 40 %"),
    ),
    (
        "a charger charges from when it came to lie there",
        {"charging": CHARGED},
        {"features": ("charging",), "since": NOW - timedelta(minutes=47)},
        passing(3, "charged to 47 %, at least 40 %"),
    ),
    (
        "any other feature of a door charges nothing",
        {"charging": CHARGED},
        {"features": ("cooling",), "charge": 50, "charge_at": NOW},
        passing(3, "charged to 50 %, at least 40 %"),
    ),
    (
        "what was stated before its last loan counts no more",
        {"charging": CHARGED},
        {"lent": 1, "charge": 90, "charge_at": NOW - timedelta(minutes=41)},
        Finding(
            code="charge_low",
            detail="charged to 0 %, at least 40 %",
            facts={"thing": "Drill 1", "percent": 0, "least": 40},
        ),
    ),
]


@pytest.mark.parametrize(("kind", "facts", "found"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_row_7_says_what_was_compared_and_what_people_are_told(
    kind: dict[str, Any], facts: dict[str, Any], found: Finding
) -> None:
    assert judged(kind, **facts) == found


KIT = Kit(id="drone", name="Drone", parts=("drill-1", "case"))
UNIT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)


@pytest.mark.parametrize(
    ("missing", "found"),
    [
        ((), passing(0, "kit drone is complete")),
        (
            ("case",),
            Finding(
                code="kit_incomplete",
                detail="of kit drone not in this door: case",
                facts={"thing": "Drone", "parts": "case"},
            ),
        ),
        (
            ("case", "strap"),
            Finding(
                code="kit_incomplete",
                detail="of kit drone not in this door: case, strap",
                facts={"thing": "Drone", "parts": "case, strap"},
            ),
        ),
    ],
    ids=["complete", "one part is elsewhere", "two parts are"],
)
def test_row_7_a_kit_is_lent_whole(missing: tuple[str, ...], found: Finding) -> None:
    assert condition(subject(about={"content": UNIT, "kit": KIT, "missing": missing}), book()) == found


def test_row_7_a_kit_that_is_not_whole_is_told_before_a_fault() -> None:
    about = {"content": replace(UNIT, condition=Condition.CRITICAL), "kit": KIT, "missing": ("case",)}
    assert condition(subject(about=about), book()).code == "kit_incomplete"


def test_row_7_goes_on_to_what_else_is_wrong_where_a_code_is_overridden() -> None:
    about = {
        "content": replace(UNIT, condition=Condition.CRITICAL),
        "asset_type": replace(DRILL, charging=CHARGED),
        "overridden": frozenset({"faulty"}),
    }
    assert condition(subject(about=about), book()).code == "charge_low"
    about |= {"overridden": frozenset({"faulty", "charge_low"})}
    assert condition(subject(about=about), book()).code is None


def test_row_7_of_a_thing_that_lies_elsewhere_takes_its_charge_as_stated() -> None:
    stated = {"charge": 50, "charge_at": NOW - DAY}
    assert judged({"charging": CHARGED}, door=False, lent=1, **stated).code is None
