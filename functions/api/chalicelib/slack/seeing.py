"""What a person may look up in Slack: as much as the API shows them, and no more."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from chalicelib.flows.admin import assets, cases, loans
from chalicelib.flows.admin.loans import Standing
from chalicelib.web.roles import READERS
from toolcrib.domain.cases import CaseState
from toolcrib.domain.ids import loan_of
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.principals import Asked, Principal, Role, Sight
from toolcrib.send.slack_text import shown
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


def late(by: Asked) -> list[str]:
    """Return the loans that are late, in lines: what, who, since when."""
    found = loans.page(by, (Standing.OVERDUE,), {}, MOST, None).items
    names = _names(by.org, (each["person"] for each in found))
    known = find_assets(by.org, [each["asset"] for each in found]) if found else {}
    zones = {site.id: ZoneInfo(site.time_zone) for site in rule_book(by.org).sites.values()}
    return [
        f"⏰ {shown(known[each['asset']].name if each['asset'] in known else each['asset'])}"
        f" · {names.get(each['person'], shown(each['person']))}"
        f" · due {_local(each['due_at'], zones.get(each['site']))}"
        for each in found
    ]


def missing(by: Asked) -> list[str]:
    """Return the things that are missing, in lines."""
    found = assets.page(by, {"state": "missing"}, MOST, None).items
    return [f"❓ {shown(each['name'])} · {shown(each['type'])}" for each in found]


def open_cases(by: Asked) -> list[str]:
    """Return the cases that are open, in lines: what, where, since when."""
    found = cases.page(by, (CaseState.OPEN,), {}, MOST, None).items
    return [
        " · ".join(
            filter(
                None,
                (
                    f"🔎 {each['kind'].replace('_', ' ')}",
                    shown(each.get("asset")),
                    shown(each.get("bank")) + (f" door {each['door']}" if each.get("door") else ""),
                    f"since {str(each['opened_at'])[:16].replace('T', ' ')} UTC",
                ),
            )
        )
        for each in found
    ]


def told_of(by: Asked, found: list[dict[str, Any]], *, who: bool) -> list[str]:
    """Return things in lines: who has each, or where each is."""
    people = [each["custodian"]["id"] for each in found if each["custodian"]["kind"] == "person"]
    names = _names(by.org, people)
    return [f"{shown(each['name'])} ({shown(each['id'])}): {_place(each, names, who=who)}" for each in found]


def lying(found: list[dict[str, Any]]) -> list[str]:
    """Return the things among these that lie in a locker, in lines."""
    free = [each for each in found if each["state"] == "stowed"]
    return [f"{shown(each['name'])} ({shown(each['id'])}): {_place(each, {}, who=False)}" for each in free]


def zone_of(org: str, site: str | None) -> ZoneInfo:
    """Return a site's time zone, UTC where it is not known."""
    known = rule_book(org).sites.get(site or "")
    return ZoneInfo(known.time_zone if known is not None else "UTC")


def _place(thing: Mapping[str, Any], names: Mapping[str, str], *, who: bool) -> str:
    custodian, state = thing["custodian"], str(thing["state"]).replace("_", " ")
    if custodian["kind"] == "person":
        has = names.get(custodian["id"], shown(custodian["id"]))
        return f"{has} has it" if state == "on loan" else f"last seen with {has} ({state})"
    if custodian["kind"] == "door":
        where = f"{shown(custodian['id'])}, door {custodian.get('door')}"
        return f"nobody has it; {where} ({state})" if who else f"{where} ({state})"
    return f"nobody has it ({state})" if who else state


def _names(org: str, people: Iterable[str]) -> dict[str, str]:
    wanted = list(dict.fromkeys(people))
    return {each.id: shown(each.name) for each in find_accounts(org, wanted).values()}


def _local(text: Any, zone: ZoneInfo | None) -> str:
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text))
    return f"{moment.astimezone(zone or ZoneInfo('UTC')):%a %d %b, %H:%M}"
