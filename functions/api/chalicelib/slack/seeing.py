"""What a person may look up in Slack: as much as the API shows them, and no more."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.flows.admin import assets, cases, loans
from chalicelib.flows.admin.loans import Standing
from chalicelib.slack import words
from chalicelib.slack.who import Known
from chalicelib.slack.words import say
from chalicelib.web.roles import READERS
from toolcrib.domain.cases import CaseKind, CaseState
from toolcrib.domain.ids import loan_of
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.principals import Asked, Principal, Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.send.slack_text import shown
from toolcrib.send.words.moments import moment
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.reader import reader as how_to_speak
from toolcrib.store.assets import find_assets
from toolcrib.store.listing import Position
from toolcrib.store.people import find_accounts
from toolcrib.store.rulebook import rule_book

MOST: Final = 15  # lines of one answer: a list that is longer is for the API
MOST_PAGES: Final = 5  # of things that are looked through for a name


def asked(by: Principal, now: datetime, op: str = "look") -> Asked | None:
    """Return a look at what readers see, None for whoever sees their own only."""
    sight = READERS.get(by.role)
    return None if sight is None else Asked(by=by, sight=sight, at=now, op=op)


def own(by: Principal, now: datetime, op: str) -> Asked:
    """Return a request about what is the person's own."""
    sight = Sight.OWN if by.role in {Role.SELF, Role.SUPERVISOR} else Sight.ORG
    return Asked(by=by, sight=sight, at=now, op=op)


def holdings(person: Person) -> list[tuple[str, Holding]]:
    """Return what a person has out, by loan, the one due first first."""
    out = [(loan, held) for loan, held in person.holdings.items() if loan_of(loan) is not None]
    return sorted(((loan, held) for loan, held in out if held.state != "pending"), key=lambda each: each[1].until)


def things(by: Asked, words: str) -> list[dict[str, Any]]:
    """Return the things whose id or name holds these words, as lists show them."""
    wanted, found, start = words.casefold(), [], Position()
    for _ in range(MOST_PAGES):
        page = assets.page(by, {}, 100, start)
        found += [each for each in page.items if wanted in f"{each['id']} {each['name']}".casefold()]
        if page.next is None or len(found) >= MOST:
            break
        start = page.next
    return found[:MOST]


class Listener(Reader, frozen=True, kw_only=True):
    """Who reads an answer; what is elsewhere is told on the clock there: `zones` are those of the org's sites."""

    zones: Mapping[str, str] = {}


def reader(known: Known, now: datetime) -> Listener:
    """Return how to speak to somebody: in their language, on their site's clock."""
    sites = rule_book(known.by.org).sites
    how = how_to_speak(known.person, sites.get(known.person.site or ""), now)
    zones = {site.id: site.time_zone for site in sites.values()}
    return Listener(language=how.language, zone=how.zone, now=how.now, zones=zones)


def due(at: datetime, how: Reader) -> str:
    """Return when something is due, or was."""
    return say(words.WAS_DUE if at < how.now else words.DUE, how, when=moment(at, how))


def held_lines(person: Person, how: Reader) -> list[str]:
    """Return what a person has out, in lines: what, and until when."""
    return [
        f"{'⏰' if each.until < how.now else '•'} {shown(each.name)} · {due(each.until, how)}"
        for _, each in holdings(person)[:MOST]
    ]


def late(by: Asked, how: Listener) -> list[str]:
    """Return the loans that are late, in lines: what, who, since when; each on its own site's clock."""
    found = loans.page(by, (Standing.OVERDUE,), {}, MOST, None).items
    names = _names(by.org, (each["person"] for each in found))
    known = find_assets(by.org, [each["asset"] for each in found]) if found else {}
    return [
        f"⏰ {shown(known[each['asset']].name if each['asset'] in known else each['asset'])}"
        f" · {names.get(each['person'], shown(each['person']))}"
        f" · {due(_instant(each['due_at']), _at(each['site'], how))}"
        for each in found
    ]


def missing(by: Asked) -> list[str]:
    """Return the things that are missing, in lines."""
    found = assets.page(by, {"state": "missing"}, MOST, None).items
    return [f"❓ {shown(each['name'])} · {shown(each['type'])}" for each in found]


def open_cases(by: Asked, how: Listener) -> list[str]:
    """Return the cases that are open, in lines: what, where, since when; each on its own site's clock."""
    found = cases.page(by, (CaseState.OPEN,), {}, MOST, None).items
    return [" · ".join(filter(None, _case(each, _at(each.get("site"), how)))) for each in found]


def _case(case: Mapping[str, Any], how: Reader) -> Iterator[str]:
    yield f"🔎 {say(words.KINDS[CaseKind(case['kind'])], how)}"
    yield shown(case.get("asset"))
    yield _door(case.get("bank"), case.get("door"), how)
    yield say(words.SINCE, how, when=moment(_instant(case["opened_at"]), how))


def told_of(by: Asked, found: list[dict[str, Any]], how: Reader, *, who: bool) -> list[str]:
    """Return things in lines: who has each, or where each is."""
    people = [each["custodian"]["id"] for each in found if each["custodian"]["kind"] == "person"]
    names = _names(by.org, people)
    return [f"{shown(each['name'])} ({shown(each['id'])}): {_place(each, names, how, who=who)}" for each in found]


def lying(found: list[dict[str, Any]], how: Reader) -> list[str]:
    """Return the things among these that lie in a locker, in lines."""
    free = [each for each in found if each["state"] == "stowed"]
    return [f"{shown(each['name'])} ({shown(each['id'])}): {_place(each, {}, how, who=False)}" for each in free]


def _place(thing: Mapping[str, Any], names: Mapping[str, str], how: Reader, *, who: bool) -> str:
    custodian, state = thing["custodian"], say(words.STATES[State(thing["state"])], how)
    if custodian["kind"] == "person":
        has = names.get(custodian["id"], shown(custodian["id"]))
        form = words.HAS if thing["state"] == State.ON_LOAN else words.LAST_SEEN_WITH
        return say(form, how, who=has, state=state)
    if custodian["kind"] == "door":
        where = _door(custodian["id"], custodian.get("door"), how)
        return say(words.NOBODY_HAS_AT, how, place=where, state=state) if who else f"{where} ({state})"
    return say(words.NOBODY_HAS, how, state=state) if who else state


def _door(bank: str | None, door: int | None, how: Reader) -> str:
    return say(words.DOOR, how, bank=shown(bank), door=door) if bank and door else shown(bank)


def _names(org: str, people: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(people))
    return {each.id: shown(each.name) for each in find_accounts(org, wanted).values()}


def _at(site: str | None, how: Listener) -> Reader:
    """Return how to tell times of what is at a site: on its clock, without one on the reader's."""
    return replace(how, zone=how.zones.get(site or "", how.zone))


def _instant(at: Any) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
