"""The end of a sweep: what it held, or found waiting, goes out alone or in a digest (domain/gathering.py)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial

from toolcrib.domain.change import Change
from toolcrib.domain.gathering import Digest, gathered, gathers, held, released, settled
from toolcrib.domain.notices import UNDELIVERED, Notice
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.agenda import wake_notice
from toolcrib.store.commit import commit
from toolcrib.store.notices import find_notice, load_notice, save_notice

LET_GO, NEEDLESS = "notice_let_go", "digest_needless"  # what is no news to whoever counts what a run did


class Gathering:
    """What one run has in hand for one org each; nothing is sent before its `acts`."""

    def __init__(self, now: datetime) -> None:
        """Begin with nothing, at the run's moment."""
        self._now = now
        self._waiting: dict[str, list[Notice]] = {}

    def add(self, org: str, notices: Iterable[Notice]) -> None:
        """Take what a run has written, and held."""
        self._waiting.setdefault(org, []).extend(each for each in notices if gathers(each))

    def look(self, org: str, notice_id: str) -> str:
        """Look at a notice that is due: wake it, take it, or end it with its digest; returns what was done."""
        notice = load_notice(org, notice_id)
        if notice.state in UNDELIVERED and notice.digest is not None:
            end = settled(notice, find_notice(org, notice.digest), self._now)
            if end is not None:
                save_notice(org, end)
                return "notice_in_a_digest"
            save_notice(
                org, notice := held(released(notice, self._now), self._now)
            )  # or it waits for that one for ever
        if gathers(notice):
            self.add(org, [notice])
            return "notice_woken"
        return "notice_woken" if self._wake(org, notice_id) else "notice_delivered_already"

    def acts(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield what sends each of what is in hand on its way, with its org: one failure holds up no other."""
        for org, waiting in self._waiting.items():
            alone, digests = gathered(waiting, self._now)
            for notice in alone:
                yield org, partial(self._release, org, notice.id)
            for digest in digests:
                yield org, partial(self._write, org, digest)

    def _release(self, org: str, notice_id: str) -> str:
        self._wake(org, notice_id)
        return LET_GO

    def _wake(self, org: str, notice_id: str) -> bool:
        return wake_notice(keys.notice(org, notice_id), keys.moment(self._now))

    def _write(self, org: str, digest: Digest) -> str:
        """Mark the parts, then write what tells of those that could be; a part that moved on is left to itself."""
        named = tuple(part.id for part in digest.parts if _marked(org, part))
        if not named:
            return NEEDLESS
        whole = replace(digest.notice, parts=named)
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
