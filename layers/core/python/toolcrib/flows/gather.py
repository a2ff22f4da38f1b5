"""The end of a sweep: what it held, or found waiting, goes out alone or in a digest (domain/gathering.py)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial

from toolcrib.domain.change import Change
from toolcrib.domain.cooling import by_site, waits_until
from toolcrib.domain.gathering import Digest, gathered, gathers, held, put_off, released, settled, trays
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.pacing import own_place
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.agenda import wake_notice
from toolcrib.store.commit import commit
from toolcrib.store.notices import find_notice, load_notice, save_notice
from toolcrib.store.paces import find_pace
from toolcrib.store.rulebook import book_with_site

LET_GO, NEEDLESS, COOLING = "notice_let_go", "digest_needless", "reader_told_before"
NO_NEWS = frozenset({LET_GO, NEEDLESS})  # to whoever counts what a run did


class Gathering:
    """What one run has in hand for one org each; nothing is sent before its `acts`."""

    def __init__(self, now: datetime) -> None:
        """Begin with nothing, at the run's moment."""
        self._now = now
        self._waiting: dict[str, list[Notice]] = {}

    def add(self, org: str, notices: Iterable[Notice]) -> None:
        """Take what a run has written, and held."""
        self._take(org, (each for each in notices if gathers(each)))

    def look(self, org: str, notice_id: str) -> str:
        """Look at a notice that is due: wake it, take it, or end it with its digest; returns what was done."""
        notice = load_notice(org, notice_id)
        if notice.state in UNDELIVERED and notice.digest is not None:
            end = settled(notice, find_notice(org, notice.digest), self._now)
            if end is not None:
                save_notice(org, end)
                return "notice_in_a_digest"
            notice = held(released(notice, self._now), self._now)
            save_notice(org, notice)  # or it waits for that one for ever
        if gathers(notice) or (notice.parts and notice.state is NoticeState.PENDING):
            self._take(org, [notice])
            return "notice_woken"
        return "notice_woken" if self._wake(org, notice_id) else "notice_delivered_already"

    def acts(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield what sends each of what is in hand on its way, with its org: one failure holds up no other."""
        for org, waiting in self._waiting.items():
            for tray in trays(waiting):
                yield org, partial(self._send_on, org, tray)

    def _take(self, org: str, notices: Iterable[Notice]) -> None:
        self._waiting.setdefault(org, []).extend(notices)

    def _send_on(self, org: str, tray: tuple[Notice, ...]) -> str:
        """Put off what its reader's cooldown holds back, and let the rest go: alone, or in a digest."""
        pace = find_pace(org, own_place(tray[0]), self._now)
        cooldown = by_site(book_with_site(org, *(each.site for each in tray)).sites)
        until = {each.id: waits_until(pace, [each], cooldown, self._now) for each in tray}
        for each in tray:
            if until[each.id] > self._now:
                self._put_off(org, each, until[each.id])
        ready = [each for each in tray if until[each.id] <= self._now]
        if not ready:
            return COOLING
        out = gathered(ready, self._now)
        return self._write(org, out) if isinstance(out, Digest) else self._release(org, out.id)

    def _put_off(self, org: str, notice: Notice, until: datetime) -> None:
        with suppress(LostRace):  # somebody else deals with it
            save_notice(org, put_off(notice, until))

    def _release(self, org: str, notice_id: str) -> str:
        self._wake(org, notice_id)
        return LET_GO

    def _wake(self, org: str, notice_id: str) -> bool:
        return wake_notice(keys.notice(org, notice_id), keys.moment(self._now))

    def _write(self, org: str, digest: Digest) -> str:
        """Mark the parts, then write what tells of those that could be; a part that moved on is left to itself."""
        whole = digest.notice
        marked = {part.id for part in digest.parts if _marked(org, part)}
        missed = {part.id for part in digest.parts} - marked
        whole = replace(whole, parts=tuple(part for part in whole.parts if part not in missed))
        if whole.version > 1:  # it waited, and was a digest before
            with suppress(LostRace):  # it moved on without them, and they are gathered anew
                save_notice(org, whole)
            return self._release(org, whole.id)
        if not marked:
            return NEEDLESS
        with suppress(LostRace):  # its id is this run's: it is written already, and the answer was lost
            commit(org, Change(op=whole.id, at=self._now, notices=(whole,)))
        return "digest_made"


def _marked(org: str, part: Notice) -> bool:
    """Whether a part names its digest now, written by this call or by one whose answer was lost."""
    try:
        save_notice(org, part)
    except LostRace:
        present = find_notice(org, part.id)
        return present is not None and present.digest == part.digest and present.state in UNDELIVERED
    return True
