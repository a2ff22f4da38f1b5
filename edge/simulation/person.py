"""The person at the bank: pulls the door that was unlocked, takes or returns a thing, closes; or misbehaves."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.commands import Purpose
from edge.simulation.misbehaviour import Misbehaviour, Mischief
from edge.simulation.world import UNTAGGED, Cabinet, Carried, World

STRANGER: Final = "E2000000FFFFFFFFFFFFFFFF"  # a tag that nobody registered
TAKES: Final = frozenset({Purpose.TAKE, Purpose.COLLECT})
RETURNS: Final = frozenset({Purpose.RETURN, Purpose.DEPOSIT})


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast hands are, and how long a reboot takes, in seconds."""

    hand_s: float = 0.05
    reboot_s: float = 0.3


@dataclass(kw_only=True)
class Person:
    """Somebody with a badge (without one: service staff, who only look)."""

    uid: str | None
    world: World
    cabinet: Cabinet
    mischief: Mischief
    pace: Pace
    cut_power: Callable[[], None]
    item: str | None = None
    told_opened: asyncio.Event = field(default_factory=asyncio.Event)
    told_left_open: asyncio.Event = field(default_factory=asyncio.Event)

    async def use(self, door: int, purpose: Purpose) -> None:
        """Use a door that was just unlocked."""
        if self.mischief.now is Misbehaviour.NEVER_OPENS:
            return
        await self._swing(door, is_open=True)
        if self.mischief.now is Misbehaviour.POWER_CUT_WHILE_OPEN:
            await self.told_opened.wait()
            self.mischief.spend(Misbehaviour.POWER_CUT_WHILE_OPEN)
            self.cut_power()
        await self._move_things(door, purpose)
        if self.mischief.now is Misbehaviour.LEFT_OPEN:
            await self.told_left_open.wait()
        await self._swing(door, is_open=False)

    async def force(self, door: int) -> None:
        """Break a door open, and push it shut again."""
        await self._swing(door, is_open=True)
        await self._swing(door, is_open=False)

    async def _swing(self, door: int, *, is_open: bool) -> None:
        await asyncio.sleep(self.pace.hand_s)
        self.cabinet.swing(door, is_open=is_open)

    async def _move_things(self, door: int, purpose: Purpose) -> None:
        misbehaviour = self.mischief.now
        if misbehaviour is Misbehaviour.UNKNOWN_TAG:
            self.cabinet.put(door, STRANGER)
        elif misbehaviour is Misbehaviour.NOTHING_MOVED or self.uid is None:
            return
        elif purpose in TAKES:
            self._take(self.uid, door, wrong=misbehaviour is Misbehaviour.WRONG_THING)
        elif purpose in RETURNS and misbehaviour is Misbehaviour.ANOTHER_DOOR:
            other = self.cabinet.free_door(but=door)
            await self._swing(other, is_open=True)
            self.cabinet.put(other, self._give(self.uid, door, wrong=False))
            await self._swing(other, is_open=False)
        elif purpose in RETURNS:
            self.cabinet.put(door, self._give(self.uid, door, wrong=misbehaviour is Misbehaviour.WRONG_THING))

    def _take(self, uid: str, door: int, *, wrong: bool) -> None:
        """Take the named thing or the first; wrongly, the last of several."""
        things = self.cabinet.contents.get(door, [])
        if not things:
            return
        first = self.item if self.item in things else things[0]
        thing = things[-1] if wrong else first
        self.cabinet.take(door, thing)
        self.world.pocket(uid).append(Carried(thing=thing, bank=self.cabinet.bank, door=door))
        self.world.save()

    def _give(self, uid: str, door: int, *, wrong: bool) -> str:
        """Give the named thing, else what came from this door, else the oldest; wrongly, anything but that."""
        pocket = self.world.pocket(uid)
        home = [each for each in pocket if (each.bank, each.door) == (self.cabinet.bank, door)]
        named = [each for each in pocket if each.thing == self.item]
        right = next(iter([*named, *home, *pocket]), Carried(thing=self.item or f"{UNTAGGED}unregistered"))
        others = [each for each in pocket if each is not right]
        given = next(iter(others), Carried(thing=STRANGER)) if wrong else right
        if given in pocket:
            pocket.remove(given)
            self.world.save()
        return given.thing
