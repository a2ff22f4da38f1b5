"""Things that come late, or not at all: who is told, what is pressed, and that it stops at once (rules.md, *Late*)."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner, Person
from tests.journeys.pressing import press
from tests.journeys.sight import Thing
from tests.support.player import Player

pytestmark = pytest.mark.journey

MINUTE = timedelta(minutes=1)
TO_HOLDER = {"offset": "PT0S", "to": "holder", "via": "slack"}
TO_SUPERVISOR = {"offset": "PT1H", "to": "supervisor", "via": "slack"}


@dataclass(frozen=True, kw_only=True)
class Lent:
    """A drill that Ada has."""

    bank: Player
    ada: Person
    drill: Thing
    loan: str
    due: datetime


def lent(corner: Corner, **terms: Any) -> Lent:
    """Let Ada take a drill for an hour."""
    corner.policy("drill", loan_period="PT1H", **terms)
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    drill = corner.thing("drill", bank, door=1)
    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    due = datetime.fromisoformat(corner.loan(taking["jti"])["due_at"])
    return Lent(bank=bank, ada=ada, drill=drill, loan=str(taking["jti"]), due=due)


def returned(lent: Lent) -> str:
    return lent.bank.closes(lent.bank.opens(lent.ada.token), inside=[lent.drill.tag])


def texts(corner: Corner, lent: Lent) -> list[str]:
    return [each["text"] for each in corner.inbox("slack", loan=lent.loan)]


def test_a_holder_keeps_it_longer_by_a_button_and_is_told_at_the_new_time(corner: Corner) -> None:
    it = lent(corner, ladder=[TO_HOLDER], renewals={"max": 1})
    corner.sweep((it.due + MINUTE).isoformat())
    (message,) = corner.told("slack", loan=it.loan)

    press(corner, message, "extend", it.ada)
    assert eventually(lambda: datetime.fromisoformat(corner.loan(it.loan)["due_at"]) > it.due)
    assert eventually(lambda: "the due time has changed" in texts(corner, it)[0])
    (changed,) = corner.inbox("slack", loan=it.loan)
    assert not any(block["type"] == "actions" for block in changed["raw"]["blocks"])

    later = datetime.fromisoformat(corner.loan(it.loan)["due_at"])
    corner.sweep((later - MINUTE).isoformat())
    assert len(texts(corner, it)) == 1
    corner.sweep((later + MINUTE).isoformat())
    assert eventually(lambda: len(texts(corner, it)) == 2)
    assert returned(it) == "returned"


def test_whoever_sees_to_it_hears_nothing_for_a_day(corner: Corner) -> None:
    it = lent(corner, ladder=[{**TO_SUPERVISOR, "repeat": {"every": "PT1H", "until": "P1D"}}])
    corner.sweep((it.due + timedelta(hours=1) + MINUTE).isoformat())
    (message,) = corner.told("slack", loan=it.loan)
    press(corner, message, "acknowledge", corner.supervisor)
    assert eventually(lambda: "Supervisor: I see to it" in texts(corner, it)[0])
    corner.sweep((it.due + timedelta(hours=5)).isoformat())
    assert len(texts(corner, it)) == 1
    assert returned(it) == "returned"


def test_what_comes_back_while_its_message_is_on_its_way_is_not_called_late_any_more(corner: Corner) -> None:
    it = lent(corner, ladder=[TO_SUPERVISOR])
    with ThreadPoolExecutor() as at_once:
        swept = at_once.submit(corner.sweep, (it.due + timedelta(hours=1) + MINUTE).isoformat())
        assert returned(it) == "returned"
        swept.result()

    def settled() -> bool:
        states = {each["state"] for each in corner.web.get("/notices", loan=it.loan)["items"]}
        return states <= {"sent", "cancelled"} and all("returned at" in text for text in texts(corner, it))

    assert eventually(settled)
    before = texts(corner, it)
    corner.sweep((it.due + timedelta(hours=9)).isoformat())
    assert texts(corner, it) == before


def test_what_is_given_up_as_lost_is_a_case_and_may_still_come_back(corner: Corner) -> None:
    it = lent(corner, ladder=[TO_HOLDER], lost_after="PT2H")
    corner.sweep((it.due + timedelta(hours=2) + MINUTE).isoformat())
    case = corner.case("lost")
    assert (case["asset"], case["person"], corner.asset(it.drill)["state"]) == (it.drill.id, it.ada.id, "lost")
    (mail,) = corner.told("email", step="lost", to=corner.supervisor.mail)
    assert "Drill" in mail["subject"]
    assert "Ada" in mail["text"]
    assert corner.told("slack", step="lost", to=corner.channel)

    assert returned(it) == "returned"
    assert eventually(lambda: corner.web.get(f"/cases/{case['id']}")["state"] == "resolved")
    assert eventually(lambda: "Resolved" in corner.inbox("slack", step="lost", to=corner.channel)[0]["text"])


def test_somebody_leaves_with_a_thing_and_is_asked_for_it_until_it_is_back(corner: Corner) -> None:
    it = lent(corner, ladder=[])
    corner.web.patch(f"/people/{it.ada.id}", {"active": False})
    now = datetime.now(UTC)
    corner.sweep((now + 5 * MINUTE).isoformat())
    people = {it.ada.mail, corner.supervisor.mail}
    assert eventually(lambda: {each["to"] for each in mails(corner, it)} == people)
    before = len(mails(corner, it))
    corner.sweep((now + timedelta(days=1, minutes=9)).isoformat())
    assert eventually(lambda: len(mails(corner, it)) == 2 * before)

    assert returned(it) == "returned"
    corner.sweep((now + timedelta(days=3, minutes=9)).isoformat())
    assert len(mails(corner, it)) == 2 * before


def mails(corner: Corner, it: Lent) -> list[dict[str, Any]]:
    people = {it.ada.mail, corner.supervisor.mail}
    return [each for each in corner.inbox("email") if each["to"] in people]


def test_a_bank_that_falls_silent_is_told_of_and_still_takes_things_back(corner: Corner) -> None:
    it = lent(corner, ladder=[])
    it.bank.status(range(1, 5))
    at = (datetime.now(UTC) + timedelta(minutes=15)).isoformat()
    watched = corner.aws("lambda").invoke(
        FunctionName=corner.stack["functions"]["watch_banks"], Payload=json.dumps({"time": at}).encode()
    )
    assert "FunctionError" not in watched
    assert corner.case("silent_bank")["bank"] == it.bank.bank
    (told,) = corner.told("slack", step="silent_bank", to=corner.supervisor.slack)
    assert it.bank.bank in told["text"]
    assert returned(it) == "returned"
