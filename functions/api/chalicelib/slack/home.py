"""The app's home: what somebody has, when it is due, and a button to keep it longer.

For who looks after things also what is late, missing, or waits for somebody.
"""

from datetime import datetime
from typing import Any, Final

from chalicelib.slack import seeing, web_api, words
from chalicelib.slack.pressing import NOBODY, moment, not_done
from chalicelib.slack.seeing import Listener
from chalicelib.slack.who import Known, known_as
from chalicelib.slack.words import say
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Holding
from toolcrib.domain.refusals import LostRace, Refusal
from toolcrib.flows import renew_loan
from toolcrib.send.slack_text import header, plain, section, sections, shown
from toolcrib.settings import settings

RENEW: Final = "renew_loan"


def publish(event: dict[str, Any], context: dict[str, Any]) -> None:
    """Show somebody their home, as things are now."""
    if event.get("tab", "home") == "home":
        _show(str(event.get("user")), moment(context))


def renew(body: dict[str, Any], context: dict[str, Any]) -> None:
    """Keep a loan longer, as the person who pressed it, and show them their home anew, with why not if it was not."""
    action, user, now = body["actions"][0], body["user"]["id"], moment(context)
    org, loan = settings().toolcrib_org, str(action.get("value"))
    known = known_as(org, user, web_api.client(), now)
    why = ""
    if known is not None:
        op = derived("slack", org, user, str(action.get("action_ts")), loan, RENEW)
        try:
            renew_loan.handle(seeing.own(known.by, now, op), loan)
        except LostRace:
            why = not_done("conflict", seeing.reader(known, now))
        except Refusal as no:
            why = not_done(no.code, seeing.reader(known, now), says=no.says, facts=no.facts)
    _show(user, now, why)


def view(known: Known, now: datetime, why: str = "") -> dict[str, Any]:
    """Return a person's home."""
    how = seeing.reader(known, now)
    held = seeing.holdings(known.person)
    blocks: list[dict[str, Any]] = [section(f"⚠ {why}")] if why else []
    blocks.append(header(say(words.HAVE, how)))
    for loan, each in held[: seeing.MOST]:
        about = f"{shown(each.name)}\n{'⏰ ' if each.until < now else ''}{seeing.due(each.until, how)}"
        blocks.append({**section(about), **_keep(loan, each, how)})
    blocks += [] if held else [section(say(words.TAKE_SOMETHING, how))]
    return {"type": "home", "blocks": blocks + _looked_after(known, how)}


def _looked_after(known: Known, how: Listener) -> list[dict[str, Any]]:
    """Return what is late, missing, or waits for somebody; nothing for whoever sees their own only."""
    look = seeing.asked(known.by, how.now)
    if look is None:
        return []
    return [
        header(say(words.LATE, how)),
        *sections(seeing.late(look, how) or [say(words.NOTHING_LATE, how)]),
        header(say(words.MISSING, how)),
        *sections(seeing.missing(look) or [say(words.NOTHING_MISSING, how)]),
        header(say(words.CASES, how)),
        *sections(seeing.open_cases(look, how) or [say(words.NO_CASES, how)]),
    ]


def _show(user: str, now: datetime, why: str = "") -> None:
    web = web_api.client()
    known = known_as(settings().toolcrib_org, user, web, now)
    nobody = {"type": "home", "blocks": [section(NOBODY)]}
    web.views_publish(user_id=user, view=nobody if known is None else view(known, now, why))


def _keep(loan: str, held: Holding, how: Listener) -> dict[str, Any]:
    """Return the button beside a thing that may be kept longer, as far as the profile tells."""
    if held.renew_from is None or how.now < held.renew_from or held.state != "open":
        return {}
    button = {"type": "button", "action_id": RENEW, "value": loan, "text": plain(say(words.KEEP, how), 75)}
    return {"accessory": button}
