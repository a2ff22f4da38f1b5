"""What hands do with the steel: doors open only where a bolt was pulled, things move through open doors."""

from edge.kiosk.view import Part
from edge.simulation.bank import SimulatedBank
from edge.simulation.person import STRANGER
from edge.simulation.world import Carried, World


class NotPossibleError(ValueError):
    """The steel does not let it happen; says why, and what to do."""


class Thing(Part, frozen=True, kw_only=True):
    """A thing as it is seen: what is written on it, and its tag (which may be another's)."""

    thing: str
    name: str


def pull(bank: SimulatedBank, door: int) -> None:
    """Open a door whose bolt was pulled. Raises NotPossibleError."""
    if door in bank.cabinet.opened:
        return
    if door not in bank.cabinet.released:
        raise NotPossibleError(f"Door {door} is locked. Tap a card, or force it.")
    bank.cabinet.swing(door, is_open=True)


def push(bank: SimulatedBank, door: int) -> None:
    """Close a door."""
    if door in bank.cabinet.opened:
        bank.cabinet.swing(door, is_open=False)


def pry(bank: SimulatedBank, door: int) -> None:
    """Break a door open, and leave it so."""
    bank.cabinet.swing(door, is_open=True)


def take(bank: SimulatedBank, world: World, door: int, thing: str, uid: str) -> None:
    """Take a thing out of an open door. Raises NotPossibleError."""
    _check_open(bank, door)
    if thing not in bank.cabinet.contents.get(door, []):
        raise NotPossibleError(f"It does not lie in door {door} any more.")
    bank.cabinet.take(door, thing)
    world.pocket(uid).append(Carried(thing=thing, bank=bank.config.bank, door=door))
    world.save()


def put(bank: SimulatedBank, world: World, door: int, thing: str, uid: str) -> None:
    """Put a thing from somebody's hands, or one that nobody knows, into an open door. Raises NotPossibleError."""
    _check_open(bank, door)
    pocket = world.pocket(uid)
    carried = next((each for each in pocket if each.thing == thing), None)
    if carried is None and thing != STRANGER:
        raise NotPossibleError("It is not in these hands any more.")
    if carried is not None:
        pocket.remove(carried)
    bank.cabinet.put(door, thing)


def seen(world: World, things: list[str]) -> list[Thing]:
    """Return how things look."""
    return [Thing(thing=each, name="Something unknown" if each == STRANGER else world.named(each)) for each in things]


def _check_open(bank: SimulatedBank, door: int) -> None:
    if door not in bank.cabinet.opened:
        raise NotPossibleError(f"Door {door} is closed.")
