"""Bugs planted in offline lending, each a small patch of the product, that the walk has to find (safety.md, bug 13)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from edge.journal import Journal
from edge.keeper import Keeper
from edge.offline.dealings import Dealings
from edge.offline.desk import Desk
from edge.offline.replay import Replay
from edge.offline.roster import Right, Roster
from edge.offline.shelves import Shelves

Bug = Callable[[], Any]


@contextmanager
def roster_without_expiry() -> Iterator[None]:
    """(13) Rights never end, and neither does the roster."""
    with patch.object(Right, "holds", lambda *_: True), patch.object(Roster, "is_over", lambda *_: False):
        yield


@contextmanager
def counts_in_memory() -> Iterator[None]:
    """What was lent is forgotten with the power."""
    with patch.object(Dealings, "reads", lambda _: None):
        yield


@contextmanager
def counts_begin_anew() -> Iterator[None]:
    """Each roster lets everything be forgotten, also what the cloud had not heard of."""
    keep = Journal.keep_roster

    def and_forget(self: Journal, manifest: str, body: bytes, made_ms: int) -> None:
        keep(self, manifest, body, made_ms)
        with self._db:
            self._db.execute("DELETE FROM dealings WHERE final IS NOT NULL")

    with patch.object(Journal, "keep_roster", and_forget):
        yield


@contextmanager
def taken_is_not_counted() -> Iterator[None]:
    """A take counts only once its door is shut again."""
    of = Dealings.of
    with ExitStack() as stack:
        stack.enter_context(patch.object(Dealings, "in_use_by", lambda *_: None))
        stack.enter_context(
            patch.object(
                Dealings, "of", lambda self, badges: (mine := of(self, badges))._replace(taken=(*mine.held.values(),))
            )
        )
        yield


@contextmanager
def every_badge_counts_alone() -> Iterator[None]:
    """Whoever has two badges has twice the right."""
    with patch.object(Roster, "badges_of", lambda _, token: (token,)):
        yield


@contextmanager
def doors_that_moved() -> Iterator[None]:
    """What the roster tells of a door is believed whatever happened there since."""
    facts = Keeper._facts
    with patch.object(Keeper, "_facts", lambda *some: replace(facts(*some), moved=False)):
        yield


@contextmanager
def the_wall_clock_decides() -> Iterator[None]:
    """A right is judged by the clock that anybody can set."""
    moment = Desk._moment

    def by_the_wall(self: Desk, roster: Roster, now: Any) -> Any:
        return replace(moment(self, roster, now), cloud_ms=int(now.wall.timestamp() * 1000))

    with patch.object(Desk, "_moment", by_the_wall):
        yield


@contextmanager
def newest_first() -> Iterator[None]:
    """The last word goes up first, as if it were the only one."""

    def head(self: Replay) -> str | None:
        return next((id_ for id_ in reversed(self._queue) if id_ in self._waiting), None)

    with patch.object(Replay, "_head", head):
        yield


@contextmanager
def commands_while_alone() -> Iterator[None]:
    """Whatever the cloud decided without knowing what happened here is obeyed."""
    began = Keeper.__init__
    with patch.object(Keeper, "__init__", lambda *some, **more: began(*some, **more | {"is_offline": lambda: False})):
        yield


@contextmanager
def any_door_is_free() -> Iterator[None]:
    """Things are taken back into whatever door is shut."""
    with patch.object(
        Shelves, "_is_free", lambda self, number, *_: number in self.doors and self.doors[number].at_rest
    ):
        yield


BUGS: dict[str, Bug] = {
    "roster without expiry": roster_without_expiry,
    "counts in memory only": counts_in_memory,
    "counts that begin anew with each roster": counts_begin_anew,
    "takes that count only afterwards": taken_is_not_counted,
    "every badge counts alone": every_badge_counts_alone,
    "doors that moved are believed": doors_that_moved,
    "the wall clock decides": the_wall_clock_decides,
    "newest first": newest_first,
    "commands obeyed while alone": commands_while_alone,
    "any door is free": any_door_is_free,
}
