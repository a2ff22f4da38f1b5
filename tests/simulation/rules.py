"""Every rule there is, as the simulated workplace has it: types, groups, policies, pairs, kits, terms (rules.md).

Most of it admins edit while things are in flight. What they leave alone are `CEILINGS`, `EXCLUSIVE` and `LOCKOUT`: no
grant may ever pass them, whoever races whom (`rights.py`).
"""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.support.workplace import FALLBACK
from toolcrib.domain.agreements import Agreement, digest
from toolcrib.domain.assets import AssetType, RequiredCertification
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import Kit
from toolcrib.domain.pairing import Pair, PairKind
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.policies import (
    Allowance,
    Authorisers,
    Blocks,
    Hours,
    LateReturns,
    Match,
    Moment,
    Period,
    Policy,
    Recall,
    Renewals,
    Site,
    Step,
    To,
    Via,
    Week,
)
from toolcrib.domain.questions import FaultIf, Question, QuestionKind
from toolcrib.domain.record import replace
from toolcrib.domain.upkeep import Charging, Service

CEILINGS: Final[tuple[tuple[Mapping[str, str], int], ...]] = (
    ({}, 3),
    ({"type": "laptop"}, 1),
    ({"type": "drill"}, 2),
    ({"type": "saw"}, 1),
    ({"type": "meter"}, 2),
    ({"type": "drill", "site": "dock"}, 1),
)
"""How many running loans of what one person may have: fields of a holding, and the most of them."""
EXCLUSIVE: Final = ("saw", "laptop")
LOCKOUT: Final = ("drill-2", "drill-6")
CERTIFICATIONS: Final[Mapping[str, str]] = {"laptop": "esd", "saw": "saws"}
ZONES: Final = {"tools-dock": ZoneInfo("America/New_York"), "computers-hq": ZoneInfo("Europe/Berlin")}
"""The local times of the policies with hours."""
COMPLETE: Final = Question(
    id="complete",
    kind=QuestionKind.YES_NO,
    text={"en": "Is it complete?"},
    required=True,
    fault_if=FaultIf(minor=(False,)),
)
"""What a screen asks about a saw."""
KITS: Final = (("drill-1", "drill-10"), ("drill-1", "drill-10", "drill-8"), ("drill-2", "drill-10"))
"""What the kit consists of, in the beginning and as admins change it; the first two lie in one door."""
LEADS: Final = ("p-2", "p-5", "p-6")
TEAM: Final = "team-1"
TERMS: Final = {"en": "I lock the screen when I leave."}
SUPERVISORS: Final = ("p-6",)
REMINDERS: Final = (
    Step(offset=timedelta(minutes=-10), to=To.HOLDER, via=Via.SLACK),
    Step(offset=timedelta(), to=To.HOLDER, via=Via.EMAIL),
    Step(offset=timedelta(minutes=15), to=To.SUPERVISOR, via=Via.EMAIL),
)


def book() -> Iterator[Any]:
    """Yield all rules."""
    yield from (*_sites(), *_types(), *_groups(), *_policies(), *_pairs(), *_kits(), terms())


def terms() -> Agreement:
    """Return what has to be accepted before a laptop is taken."""
    digests = {language: digest(text) for language, text in TERMS.items()}
    return Agreement(id="screens", title="Screens", categories=("computers",), digests=digests)


def but_for(opens: time, closes: time) -> Week:
    """Return a week that is open but for a while of each day, past midnight."""
    return {str(day): (Hours(opens=opens, closes=closes),) for day in range(1, 8)}


def _sites() -> tuple[Site, ...]:
    return (
        Site(id="hq", name="HQ", time_zone="Europe/Berlin", supervisors=SUPERVISORS, channel="C1"),
        Site(id="dock", name="Dock", time_zone="America/New_York", supervisors=SUPERVISORS, channel="C2"),
    )


def _types() -> tuple[AssetType, ...]:
    esd, saws = (RequiredCertification(certification=CERTIFICATIONS[kind]) for kind in ("laptop", "saw"))
    return (
        AssetType(id="drill", name="Drill", category="tools", replacement_value=300),
        AssetType(
            id="saw",
            name="Saw",
            category="tools",
            certifications=(saws,),
            min_evidence=Evidence.PRESENCE,
            service=Service(every=timedelta(hours=1), loans=3),
            questions=(COMPLETE,),
        ),
        AssetType(id="meter", name="Meter", category="tools", offline_life=timedelta(minutes=9)),
        AssetType(
            id="laptop",
            name="Laptop",
            category="computers",
            offline_life=timedelta(minutes=16),
            certifications=(esd,),
            charging=Charging(minimum=30, time=timedelta(minutes=30)),
        ),
    )


def _groups() -> tuple[Group, ...]:
    return (
        Group(id="crew", name="Crew", grants=(GroupGrant(categories=("tools",)),)),
        Group(id="office", name="Office", grants=(GroupGrant(categories=("computers",), most=1),)),
        Group(id="leads", name="Leads"),
        Group(id="shift", name="Shift", grants=(GroupGrant(sites=("hq",)),)),
    )


def _policies() -> tuple[Policy, ...]:
    """All of them: the fallback's total is what nobody gets past."""
    return (
        replace(FALLBACK, allowance=Allowance(total=3), ladder=REMINDERS),
        *_of_drills(),
        *_of_laptops(),
        Policy(
            id="meters",
            match=Match(asset_type="meter"),
            period=Period(after=timedelta(minutes=40)),
            ladder=REMINDERS,
            allowance=Allowance(type=2),
        ),
        Policy(
            id="saws",
            match=Match(asset_type="saw"),
            period=Period(after=timedelta(minutes=20)),
            ladder=REMINDERS,
            allowance=Allowance(type=1),
            renewals=Renewals(max=1, window=timedelta(minutes=15)),
            lost_after=timedelta(minutes=20),
        ),
    )


def _of_drills() -> tuple[Policy, ...]:
    late = LateReturns(count=2, within=timedelta(hours=3), suspension=timedelta(minutes=15))
    hour = Period(after=timedelta(hours=1))
    return (
        Policy(
            id="drills",
            match=Match(asset_type="drill"),
            period=Period(after=timedelta(minutes=30)),
            grace=timedelta(minutes=2),
            ladder=REMINDERS,
            allowance=Allowance(type=2),
            renewals=Renewals(max=2),
            recall=Recall(notice=timedelta(minutes=5), guaranteed_minimum=timedelta(minutes=10)),
            blocks=Blocks(overdue_after=timedelta(minutes=5), late_returns=late),
            lost_after=timedelta(minutes=75),
        ),
        Policy(
            id="tools-dock",
            match=Match(category="tools", site="dock"),
            period=hour,
            allowance=Allowance(type=1),
            schedule=but_for(time(4, 12), time(4, 9)),
        ),
        Policy(id="shift", match=Match(category="tools", group="shift"), period=Period(end_of_shift=True), priority=50),
    )


def _of_laptops() -> tuple[Policy, ...]:
    laptops = Policy(
        id="laptops",
        match=Match(asset_type="laptop"),
        period=Period(after=timedelta(hours=1)),
        ladder=REMINDERS,
        allowance=Allowance(type=1),
        renewals=Renewals(max=1, window=timedelta(minutes=50)),
        recall=Recall(notice=timedelta(minutes=10)),
        blocks=Blocks(overdue_after=timedelta()),
        lost_after=timedelta(hours=2),
    )
    with_screen = Match(asset_type="laptop", bank="hq-01")
    far = Match(asset_type="laptop", bank="dock-01")
    lead = Authorisers(count=1, group="leads", on=(Moment.TAKE, Moment.RETURN))
    hq = Match(category="computers", site="hq")
    return (
        laptops,
        replace(laptops, id="laptops-hq-01", match=with_screen, second_factor=True),
        replace(laptops, id="laptops-dock-01", match=far, authorisers=lead),
        replace(laptops, id="computers-hq", match=hq, schedule=but_for(time(10, 15), time(10, 12))),
    )


def _pairs() -> tuple[Pair, ...]:
    return (
        Pair(id="saw-or-laptop", kind=PairKind.EXCLUSIVE, asset_types=EXCLUSIVE),
        Pair(id="one-way", kind=PairKind.LOCKOUT, assets=LOCKOUT),
        Pair(id="now-and-then", kind=PairKind.LOCKOUT, assets=("drill-1", "drill-10"), active=False),
    )


def _kits() -> tuple[Kit, ...]:
    return (Kit(id="drilling", name="Drilling", parts=KITS[0]),)
