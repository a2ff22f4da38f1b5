"""Showing somebody their session: options and refusals, and the text that they are asked to accept."""

from toolcrib.domain.agreements import Wording
from toolcrib.domain.authorise import Ask
from toolcrib.domain.offers.option import Offer, Option
from toolcrib.send.banks import publish
from toolcrib.send.fitting import fitted, size
from toolcrib.send.screens import session_screen
from toolcrib.send.sessions import Session
from toolcrib.send.words.reader import Reader
from toolcrib.store.agreements import load_texts
from toolcrib.wire.arrivals import MAX_BYTES
from toolcrib.wire.downs import SessionDown, TermsShown


def show(ask: Ask, session: Session, offered: Offer, reader: Reader) -> None:
    """Answer with the whole offer, what is asked, and the text that the first option which needs one is about.

    Where all that would not fit into a message the text is left out, then the questions: both are shown once their
    option is chosen.
    """
    wanted = next((option.terms for option in offered.options if option.terms is not None), None)
    for terms in dict.fromkeys((wanted, None)):
        shown = _screen(ask, session, offered, terms, reader)
        if size(shown) <= MAX_BYTES:
            break
    else:
        shown = fitted(_screen(ask, session, offered, None, reader, asking=False), reader)
    publish(ask.org, ask.bank.id, shown)


def show_one(ask: Ask, session: Session, option: Option, reader: Reader) -> None:
    """Answer with one option and what belongs to it that was not on the screen yet: its text, and its questions."""
    only = Offer(options=(option,))
    shown = _screen(ask, session, only, option.terms, reader)
    if size(shown) > MAX_BYTES:
        shown = _screen(ask, session, only, option.terms, reader, asking=False)
    publish(ask.org, ask.bank.id, shown)


def _screen(
    ask: Ask, session: Session, offered: Offer, wanted: Wording | None, reader: Reader, *, asking: bool = True
) -> SessionDown:
    terms = None
    if wanted is not None:
        text = load_texts(ask.org, wanted.agreement, wanted.version).texts[wanted.language]
        terms = TermsShown(text=text, sha256=wanted.sha256)
    return session_screen(session, ask.person, offered, reader, re=ask.upload, terms=terms, asking=asking)
