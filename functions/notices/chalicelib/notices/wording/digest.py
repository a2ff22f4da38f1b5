"""Many notices in one message: a line each, as its own message would be headed, the one due first first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chalicelib.notices.wording import mail, worded
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.message import Message
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.notices import Notice
from toolcrib.domain.record import replace as changed
from toolcrib.send.slack_text import SECTION_LENGTH, context, fitted, header, section

MOST_LINES: Final = 60  # nobody reads more; the rest is a number, and on the lists
MOST_TAGGED: Final = 20  # loans named beside the words
LINE_LENGTH: Final = 200
SAID: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "en": (
        "To look after: {count}",
        "These came up at the same time, so they are in one message.",
        "and {count} more; all of them are on the lists of loans and cases",
        "You get one message for what comes up within a short time.",
    ),
    "de": (
        "Zu erledigen: {count}",
        "Das kam zur gleichen Zeit und steht darum in einer Nachricht.",
        "und {count} weitere; alle stehen in den Listen der Ausleihen und Fälle",
        "Was in kurzer Zeit anfällt, kommt in einer Nachricht.",
    ),
    "es": (
        "Por atender: {count}",
        "Todo esto surgió a la vez, por eso llega en un solo mensaje.",
        "y {count} más; todos figuran en las listas de préstamos y casos",
        "Lo que surge en poco tiempo llega en un solo mensaje.",
    ),
    "fr": (
        "À traiter : {count}",
        "Tout cela est arrivé en même temps, d’où un seul message.",
        "et {count} de plus ; tous figurent dans les listes des prêts et des dossiers",
        "Ce qui arrive en peu de temps tient en un seul message.",
    ),
    "pl": (
        "Do załatwienia: {count}",
        "To wszystko pojawiło się w tym samym czasie, dlatego jest w jednej wiadomości.",
        "oraz {count} innych; wszystkie są na listach wypożyczeń i spraw",
        "To, co pojawia się w krótkim czasie, przychodzi w jednej wiadomości.",
    ),
}


def word(digest: Notice, first: Sequence[Facts]) -> Message:
    """Return the message of a digest; `first` are the facts of its first parts, at most `MOST_LINES` of them."""
    facts = replace(first[0], notice=_tagged(digest, first), actions=())
    headline, lead, more, why = SAID.get(facts.speech.language, SAID["en"])
    count, left = len(digest.parts), len(digest.parts) - len(first)
    lines = [worded(each).headline[:LINE_LENGTH] for each in first]
    lines += [more.format(count=left)] if left else []
    words = Words(
        tone=Tone.LATE,
        headline=headline.format(count=count),
        lead=lead,
        rows=(),
        steps=tuple(lines),
        why=why,
        reference=digest.id,
    )
    return Message(
        subject=words.headline,
        summary=fitted(f"{words.headline}. {lines[0]}", SECTION_LENGTH),
        blocks=list(_blocks(words)),
        text=mail.text(words, facts),
        html=mail.html(words, facts),
        tags=facts.tags,
    )


def _tagged(digest: Notice, first: Sequence[Facts]) -> Notice:
    """Return the digest as its tags tell of it: with the loans that it is about, as many as fit."""
    loans = dict.fromkeys(each.loan.id for each in first if each.loan is not None)
    return changed(digest, loan=",".join(list(loans)[:MOST_TAGGED]) or None)


def _blocks(words: Words) -> Iterator[dict[str, Any]]:
    yield header(f"⏰ {words.headline}")
    yield section(words.lead)
    for begin in range(0, len(words.steps), 10):  # ten lines of a block's 3,000 characters, escaped
        yield section("\n".join(f"•  {step}" for step in words.steps[begin : begin + 10]))
    yield context(f"{words.why} {words.reference}")
