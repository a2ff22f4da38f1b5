"""A drone kit of three in one door of a bank, and whoever may take it."""

from typing import Any

from tests.support.banks import FakeBank
from tests.support.outcomes import beside
from tests.support.workplace import OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import Heard, World
from toolcrib.domain.doors import Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.kits import Kit

NAMES = {1: "Body", 2: "Charger", 3: "Case"}
TAGS = [f"E200{number:04d}" for number in NAMES]
DRONE = Kit(id="drone", name="Drone kit", parts=("drill-1", "drill-2", "drill-3"))


def part(number: int, **more: Any) -> Any:
    return drill(number, name=NAMES[number], **more)


def drone(
    here: World,
    evidence: str = "tags",
    *,
    mode: Mode = Mode.EXPRESS,
    kit: Kit = DRONE,
    capacity: int = 3,
    **parts: dict[str, Any],
) -> FakeBank:
    """Put a bank with doors for several things, the kit in the first, and two people; `parts` are fields of a part."""
    rules(kit)
    at = [part(number, **parts.get(f"part{number}", {})) for number in NAMES]
    hq = here.place(bank(evidence=Evidence(evidence), mode=mode), stowed={1: at[0]}, capacity=capacity)
    hq.evidence = evidence
    for each in at[1:]:
        beside(here, each)
    here.meet(person(), TOKEN)
    here.meet(person(2), OTHER_TOKEN)
    return hq


def states(here: World, *, bank_id: str = "hq-01") -> list[str]:
    """Return where the three parts are, in short: `on_loan p-1`, `stowed 1`."""
    return [f"{asset.state} {asset.custodian.door or asset.custodian.id}" for asset in map(here.asset, DRONE.parts)]


def loans(here: World, opened: "Heard | str") -> list[str]:
    """Return the states of the three loans that a take's grant began."""
    first = here.loan(opened if isinstance(opened, str) else opened.grant)
    assert first.kit is not None
    return [str(here.loan(part.loan or "").state) for part in first.kit.parts]


def lent(here: World, evidence: str = "tags", *, mode: Mode = Mode.EXPRESS) -> tuple[FakeBank, str]:
    """Let the first person take the whole kit; returns the bank and the grant."""
    hq = drone(here, evidence, mode=mode)
    opened = hq.tap()
    gone: dict[str, dict[str, Any]] = {"tags": {"tags": []}, "presence": {"present": False}, "door_only": {}}
    hq.does(opened, "closed", **gone[evidence])
    assert loans(here, opened) == ["open"] * 3
    here.later(minutes=5)
    return hq, opened.grant
