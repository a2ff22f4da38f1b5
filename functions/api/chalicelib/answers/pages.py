"""The pages themselves: no scripts, nothing loaded from anywhere, and only one thing to press."""

from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from chalicelib.answers.standing import Found, State
from chalicelib.answers.words import CHANGES_NOTHING, CLOSE, DID, HEADLINES, PRESS, WHY, WILL, say
from chalicelib.web.answers import Answer
from chalicelib.web.call import Visit
from chalicelib.web.gateway import PAGE
from toolcrib.domain.cases import Case
from toolcrib.domain.digests import Summary
from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Person
from toolcrib.send.words.moments import moment
from toolcrib.send.words.reader import Reader, reader_of
from toolcrib.settings import settings
from toolcrib.store.assets import find_asset
from toolcrib.store.people import find_person
from toolcrib.store.rulebook import rule_book

HERE: Final = Path(__file__).with_name("templates")
STYLE: Final = (HERE / "page.css").read_text(encoding="utf-8")
STATUSES: Final = {
    State.READY: HTTPStatus.OK,
    State.DONE: HTTPStatus.OK,
    State.UNKNOWN: HTTPStatus.NOT_FOUND,
    State.NOT_ALLOWED: HTTPStatus.FORBIDDEN,
    State.FAILED: HTTPStatus.CONFLICT,
    State.EXPIRED: HTTPStatus.GONE,
    State.USED: HTTPStatus.GONE,
    State.OVER: HTTPStatus.GONE,
}
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Type": PAGE,
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",  # the address is the right to press
    "X-Robots-Tag": "noindex, nofollow",
}


def page(found: Found, visit: Visit) -> Answer[str]:
    """Return the page for a link as it stands."""
    how = _reader(found, visit)
    language = how.language
    shown = {
        "language": language,
        "state": str(found.state),
        "headline": say(HEADLINES[found.state], language),
        "text": _text(found, how),
        "about": _about(found),
        "press": say(PRESS[found.link.reaction], language) if found.link and found.state is State.READY else "",
        "small": say(CHANGES_NOTHING if found.state is State.READY else CLOSE, language),
    }
    return render(shown, found.state)


def render(shown: dict[str, str], state: State) -> Answer[str]:
    """Return the one page there is, with what it shows."""
    return Answer(_template().render(style=STYLE, **shown), headers=HEADERS, status=STATUSES[state])


def _text(found: Found, how: Reader) -> str:
    if found.link is None or found.state not in {State.READY, State.DONE}:
        return say(WHY[found.state], how.language)
    if found.state is State.READY:
        return say(WILL[found.link.reaction], how.language)
    facts = found.reacted.facts if found.reacted else {}
    told = {name: moment(fact, how) if isinstance(fact, datetime) else str(fact) for name, fact in facts.items()}
    return say(DID[found.link.reaction], how.language, **{"until": "…", "due": "…", **told})


def _about(found: Found) -> str:
    """Return what it is about, in names alone: the thing, its door, who has it."""
    about, link = found.about, found.link
    if link is None or about is None or isinstance(about, Person | Summary):
        return about.name if isinstance(about, Person) else ""
    asset = find_asset(link.org, about.asset) if isinstance(about, Loan | Case) and about.asset else None
    holder = find_person(link.org, about.person) if about.person else None
    names = (asset.name if asset else None, about.bank, holder.name if holder else None)
    return " · ".join(name for name in names if name)


def _reader(found: Found, visit: Visit) -> Reader:
    """Return how to speak to whoever came: as the mail did, and to a stranger as their browser asks."""
    if found.reader is None:
        wanted = (spoken(each.partition(";")[0].strip()) for each in visit.languages.split(","))
        return Reader(language=next(filter(None, wanted), ENGLISH), now=visit.at)
    site = getattr(found.about, "site", None) or found.reader.site
    return reader_of(found.reader.language, rule_book(settings().toolcrib_org).sites.get(site or ""), visit.at)


@cache
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("page.html.j2")
