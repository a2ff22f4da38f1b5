"""Let the other messages about a loan or case say who did what: each notice is marked, and its sender changes it.

Here nothing is sent. Done again it comes to the same, so that whatever broke off in between is done by the repeat.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from chalicelib.deciding.copies import acted_too, copies
from toolcrib.domain.notices import Notice
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.store import keys
from toolcrib.store.mapping import readable
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.reads import find_many
from toolcrib.store.said import list_said

CHUNK: Final = 100  # items in one read; DynamoDB's limit


def tell(org: str, pressed: Notice) -> None:
    """Mark the copies of a notice that was acted upon; one that others write all the time stays as it is.

    A request to agree has none: it may need the word of several, and its messages change with its own state.
    """
    about = pressed.loan or pressed.case
    if about is None:
        return
    for copy in copies(pressed, _said(org, about)):
        with suppress(LostRace):
            until_committed(partial(_mark, org, copy.id, pressed))


def _said(org: str, about: str) -> Iterator[Notice]:
    ids = list_said(org, about)
    for begin in range(0, len(ids), CHUNK):
        yield from readable(find_many(keys.notice(org, each) for each in ids[begin : begin + CHUNK]).values())


def _mark(org: str, other: str, pressed: Notice) -> None:
    marked = acted_too(load_notice(org, other), pressed)
    if marked is not None:
        save_notice(org, marked)
