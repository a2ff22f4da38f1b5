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
    """Answer with the whole offer, and with the text that the first option which needs one is about.

    Where both would not fit into a message the text is left out: it is shown once its option is chosen.
    """
    wanted = next((option.terms for option in offered.options if option.terms is not None), None)
    shown = None if wanted is None else _screen(ask, session, offered, wanted, reader)
    if shown is None or size(shown) > MAX_BYTES:
        shown = fitted(_screen(ask, session, offered, None, reader), reader)
    publish(ask.org, ask.bank.id, shown)


def show_terms(ask: Ask, session: Session, option: Option, reader: Reader) -> None:
    """Answer with one option and the text that has to be accepted for it: it was not on the screen yet."""
    publish(ask.org, ask.bank.id, _screen(ask, session, Offer(options=(option,)), option.terms, reader))


def _screen(ask: Ask, session: Session, offered: Offer, wanted: Wording | None, reader: Reader) -> SessionDown:
    terms = None
    if wanted is not None:
        text = load_texts(ask.org, wanted.agreement, wanted.version).texts[wanted.language]
        terms = TermsShown(text=text, sha256=wanted.sha256)
    return session_screen(session, ask.person, offered, reader, re=ask.upload, terms=terms)
