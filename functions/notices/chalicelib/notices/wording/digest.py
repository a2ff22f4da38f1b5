"""Many notices in one message: a line each, as its own message would be headed, the one due first first."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from chalicelib.notices.wording import mail, over, slack_blocks, worded
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.amending import Ending
from toolcrib.domain.notices import Notice
from toolcrib.domain.record import replace as changed
from toolcrib.send.slack_text import SECTION_LENGTH, fitted

MOST_LINES: Final = 60  # nobody reads more; the rest is a number, and on the lists
MOST_TAGGED: Final = 20  # loans named beside the words
LINE_LENGTH: Final = 200


def word(digest: Notice, first: Sequence[Facts], endings: Sequence[Ending | None] = ()) -> Message:
    """Return the message of a digest; `first` are the facts of its first parts, at most `MOST_LINES` of them.

    `endings` say of each why it is over, if it is: its line then says that instead.
    """
    facts = replace(first[0], notice=_tagged(digest, first), actions=())
    say, left = facts.speech.say, len(digest.parts) - len(first)
    lines = [_line(each, ending) for each, ending in zip_longest(first, endings)]
    lines += [say("and {count} more; all of them are on the lists of loans and cases", count=left)] if left else []
    words = Words(
        tone=Tone.LATE,
        headline=say("To look after: {count}", count=len(digest.parts)),
        lead=say("These came up at the same time, so they are in one message."),
        rows=(),
        steps=tuple(lines),
        why=say("You get one message for what comes up within a short time."),
        reference=digest.id,
    )
    return Message(
        subject=words.headline,
        summary=fitted(f"{words.headline}. {lines[0]}", SECTION_LENGTH),
        blocks=slack_blocks.blocks(words),
        text=mail.text(words, facts),
        html=mail.html(words, facts),
        tags=facts.tags,
    )


def _line(facts: Facts, ending: Ending | None) -> str:
    line = worded(facts).headline if ending is None else f"✅ {over.said(facts, ending)}"
    return line[:LINE_LENGTH]


def _tagged(digest: Notice, first: Sequence[Facts]) -> Notice:
    """Return the digest as its tags tell of it: with the loans that it is about, as many as fit."""
    loans = dict.fromkeys(each.loan.id for each in first if each.loan is not None)
    return changed(digest, loan=",".join(list(loans)[:MOST_TAGGED]) or None)
