"""Report numbers that never came (safety.md, I9): a report that is lost is noticed, not guessed."""

from collections.abc import Iterable

from toolcrib.domain.record import Record

Seq = tuple[int, int]


class Heard(Record, frozen=True, kw_only=True):
    """What a look at a bank's report numbers comes to: how far they are complete, and which are missing below that."""

    checkpoint: Seq | None
    missing: tuple[Seq, ...] = ()


def look(checkpoint: Seq | None, seen: Iterable[Seq]) -> Heard:
    """Return how far a bank's reports are complete and which are missing.

    Numbers begin at 1 with each boot. A gap is reported once: the checkpoint moves past it.
    """
    by_boot: dict[int, set[int]] = {}
    for boot, seq in seen:
        by_boot.setdefault(boot, set()).add(seq)
    missing = tuple(gap for boot in sorted(by_boot) for gap in _gaps(boot, by_boot[boot], checkpoint))
    newest = max(((boot, max(seqs)) for boot, seqs in by_boot.items()), default=None)
    return Heard(checkpoint=max(filter(None, (checkpoint, newest)), default=None), missing=missing)


def _gaps(boot: int, seqs: set[int], checkpoint: Seq | None) -> Iterable[Seq]:
    last = checkpoint[1] if checkpoint is not None and checkpoint[0] == boot else 0
    if checkpoint is not None and boot < checkpoint[0]:  # an older boot was complete when the next one was heard
        return ()
    return tuple((boot, seq) for seq in range(last + 1, max(seqs)) if seq not in seqs)
