"""What the panel draws: the bank as it is, everybody's cards, and what whoever plays has in their hands."""

from typing import Any

import msgspec

from edge.kiosk.settings import laid_out
from edge.lines import Lines
from edge.play.hands import seen
from edge.simulation.bank import SimulatedBank
from edge.simulation.person import STRANGER
from edge.simulation.world import World

LINES_SHOWN = 30


def drawn(bank: SimulatedBank, world: World, badges: dict[str, str], lines: Lines) -> dict[str, Any]:
    """Return everything as JSON values; who holds which card stays in the page."""
    cabinet, state = bank.cabinet, bank.state()
    doors = [
        {
            "door": door,
            "is_open": door in cabinet.opened,
            "released": door in cabinet.released,
            "things": msgspec.to_builtins(seen(world, cabinet.contents.get(door, []))),
        }
        for door in cabinet.doors
    ]
    people = [
        {
            "uid": uid,
            "name": person.replace(".", " ").replace("-", " ").title(),
            "things": msgspec.to_builtins(seen(world, [each.thing for each in world.pocket(uid)])),
        }
        for person, uid in sorted(badges.items())
    ]
    return {
        "bank": bank.config.bank,
        "mode": bank.config.mode,
        "evidence": bank.config.evidence,
        "powered": state["powered"],
        "plugged": state["plugged"],
        "connected": state["connected"],
        "journal_depth": state["journal_depth"],
        "columns": laid_out(bank.config.doors),
        "doors": doors,
        "people": people,
        "stranger": STRANGER,
        "lines": msgspec.to_builtins(lines.of(bank.config.bank, LINES_SHOWN)),
    }
