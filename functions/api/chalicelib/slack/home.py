"""The app's home: what somebody has, when it is due, and a button to keep it longer.

For who looks after things also what is late, missing, or waits for somebody.
"""

from datetime import datetime
from typing import Any, Final

from chalicelib.slack import seeing, web_api
from chalicelib.slack.pressing import NOBODY, moment
from chalicelib.slack.who import principal_of
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Holding
from toolcrib.domain.principals import Principal
from toolcrib.domain.refusals import LostRace, Refusal
from toolcrib.flows import renew_loan
from toolcrib.send.slack_text import header, plain, section, sections, shown
from toolcrib.settings import settings
from toolcrib.store.people import find_person

RENEW: Final = "renew_loan"
KEEP: Final = "Keep it longer"
REFUSED: Final = "That was not done"


def publish(event: dict[str, Any], context: dict[str, Any]) -> None:
    """Show somebody their home, as things are now."""
    if event.get("tab", "home") == "home":
        _show(str(event.get("user")), moment(context))


def renew(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Keep a loan longer, as the person who pressed it, and show them their home anew, with why not if it was not."""
    action, user, now = body["actions"][0], body["user"]["id"], moment(context)
    org, loan = settings().toolcrib_org, str(action.get("value"))
    by = principal_of(org, user, web_api.client(), now)
    why = ""
    if by is not None:
        op = derived("slack", org, user, str(action.get("action_ts")), loan, RENEW)
        try:
            renew_loan.handle(seeing.own(by, now, op), loan)
        except LostRace:
            why = f"{REFUSED}: others changed it at the same moment. Press again."
        except Refusal as no:
            why = f"{REFUSED}: {no.detail}. {no.advice}"
    _show(user, now, why)


def view(by: Principal, now: datetime, why: str = "") -> dict[str, Any]:
    """Return a person's home."""
    person = find_person(by.org, by.person or "")
    held = seeing.holdings(person) if person is not None else []
    zone = seeing.zone_of(by.org, person.site if person is not None else None)
    blocks: list[dict[str, Any]] = [section(f"⚠ {why}")] if why else []
    blocks.append(header("What you have"))
    for loan, each in held[: seeing.MOST]:
        due = f"{'⏰ was due' if each.until < now else 'due'} {each.until.astimezone(zone):%a %d %b, %H:%M}"
        blocks.append({**section(f"{shown(each.name)}\n{due}"), **_keep(loan, each, now)})
    blocks += [] if held else [section("Nothing. Tap your badge at a locker to take something.")]
    look = seeing.asked(by, now)
    if look is not None:
        blocks += [header("Late"), *(sections(seeing.late(look)) or [section("Nothing is late.")])]
        blocks += [header("Missing"), *(sections(seeing.missing(look)) or [section("Nothing is missing.")])]
        blocks += [header("Open cases"), *(sections(seeing.open_cases(look)) or [section("None.")])]
    return {"type": "home", "blocks": blocks}


def _show(user: str, now: datetime, why: str = "") -> None:
    web = web_api.client()
    by = principal_of(settings().toolcrib_org, user, web, now)
    nobody = {"type": "home", "blocks": [section(NOBODY)]}
    web.views_publish(user_id=user, view=nobody if by is None else view(by, now, why))


def _keep(loan: str, held: Holding, now: datetime) -> dict[str, Any]:
    """Return the button beside a thing that may be kept longer, as far as the profile tells."""
    if held.renew_from is None or now < held.renew_from or held.state != "open":
        return {}
    button = {"type": "button", "action_id": RENEW, "value": loan, "text": plain(KEEP, 75)}
    return {"accessory": button}
