"""A day of real transactions, every item's images before and after each, and restores that cut them in half."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from chalicelib.flows import create_asset, move_asset, stow_asset
from tests.support.admins import asked
from tests.support.dynamo import Dynamo
from tests.support.workplace import OTHER_TOKEN, TOKEN, bank, drill, person
from tests.support.world import World
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move

Where = tuple[str, tuple[str, str]]
"""A table and a key."""
LAST = 50
"""Transactions that a restore may have cut (safety.md, threat 35)."""
DOORS = 6
FEW = 8  # items that are missing, mostly
CUTS_DEEP = 0.5  # how often it may be any number of them


@dataclass
class Tape:
    """Which items each transaction changed, and what they were before; `dynamo` is as the last one left it."""

    dynamo: Dynamo
    written: list[dict[Where, Any]] = field(default_factory=list)

    def before(self, operation: str, request: Mapping[str, Any]) -> None:
        """Note what a transaction is about to change."""
        if operation == "TransactWriteItems":
            orders = [next(iter(each.values())) for each in request["TransactItems"]]
            self.written.append({_where(order): self._now(_where(order)) for order in orders})

    def drop_failed(self) -> None:
        """Forget transactions that changed nothing."""
        self.written = [
            each for each in self.written if any(self._now(where) != image for where, image in each.items())
        ]

    def images(self) -> dict[Where, list[Any]]:
        """Return every earlier image, oldest first, of each item that the last transactions changed."""
        found: dict[Where, list[Any]] = {}
        for each in self.written[-LAST:]:
            for where, image in each.items():
                found.setdefault(where, []).append(image)
        return found

    def put(self, where: Where, image: Any) -> None:
        """Let an item be as it was; None for not there."""
        items = self.dynamo.tables[where[0]].items
        if image is None:
            items.pop(where[1], None)
        else:
            items[where[1]] = image

    def _now(self, where: Where) -> Any:
        return self.dynamo.tables[where[0]].items.get(where[1])


def _where(order: Mapping[str, Any]) -> Where:
    key = order.get("Item") or order["Key"]
    return order["TableName"], (key["pk"]["S"], key["sk"]["S"])


def cut(tape: Tape, chance: Random, *, lost: bool) -> int:
    """Let some of the last transactions' items be lost, or be as they were before some of them; returns how many."""
    images = tape.images()
    most = len(images) if chance.random() < CUTS_DEEP else FEW
    some = chance.sample(sorted(images), chance.randint(1, most))
    for where in some:
        tape.put(where, None if lost else chance.choice(images[where]))
    return len(some)


def a_busy_day(here: World, chance: Random, *, steps: int = 60) -> None:
    """Let two people take and return, admins move things, doors be forced, reports stay out; bank with tags."""
    here.place(bank(mode="kiosk"), doors=DOORS)
    for number, token in ((1, TOKEN), (2, OTHER_TOKEN)):
        here.meet(person(number), token)
    for number in range(1, DOORS + 1):
        create_asset.handle(asked(f"c{number}"), replace(drill(number), tag=f"T{number}"))
        stow_asset.handle(asked(f"s{number}"), f"drill-{number}", bank="hq-01", door=number)
    for number in range(steps):
        here.later(minutes=2)
        _step(here, chance, number)


def _step(here: World, chance: Random, number: int) -> None:
    hq = here.bank("hq-01")
    hq.evidence = str(chance.choice([Evidence.TAGS, Evidence.DOOR_ONLY]))
    what = chance.random()
    if what < 0.06:
        hq.does(None, "forced", door=chance.randint(1, DOORS))
    elif what < 0.2:
        _moved_by_hand(here, chance, number)
    else:
        _visit(here, chance)


def _moved_by_hand(here: World, chance: Random, number: int) -> None:
    asset = here.asset(f"drill-{chance.randint(1, DOORS)}")
    moves = {"stowed": Move.UNSTOW, "unconfirmed": Move.FOUND, "on_loan": Move.DECLARE_LOST, "lost": Move.FOUND}
    at = here.now
    if asset.state in moves:
        live = any(here.door(each).busy for each in range(1, DOORS + 1))
        if not live:
            move_asset.handle(asked(f"m{number}", at=at), asset.id, moves[asset.state], reason="by hand", site="hq")
        return
    free = next((each for each in range(1, DOORS + 1) if here.door(each).free and not here.door(each).contents), None)
    if free is not None:
        stow_asset.handle(asked(f"w{number}", at=at), asset.id, bank="hq-01", door=free)


def _visit(here: World, chance: Random) -> None:
    hq = here.bank("hq-01")
    token = chance.choice([TOKEN, OTHER_TOKEN])
    heard = hq.tap(token)
    if heard.kind == "session" and heard.body["options"]:
        heard = hq.choose(heard, chance.choice(heard.body["options"])["option"])
    if heard.kind != "open" or chance.random() < 0.1:
        return
    door = here.door(heard.door)
    grant = door.grant
    tags = {content.tag for content in door.contents if content.tag}
    if grant is not None and grant.asset is not None:
        tag = here.asset(grant.asset).tag
        tags = tags - {tag} if tag in tags else tags | {tag or ""}
    end = chance.choice(["closed", "closed", "closed", "closed", "not_opened", "unresolved"])
    seen = sorted(tags) if end == "closed" and hq.evidence == "tags" else None
    here.now += timedelta(seconds=5)
    hq.does(heard, end, tags=seen)
