"""Several were told of the same: whoever presses, everybody sees who did what, until the thing is back."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.flows.react import react
from chalicelib.notices import slack
from chalicelib.notices.amend_notice import amend
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.streamed import outdate
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, put_asset, put_person, rules, site
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Posted
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
MINUTE = timedelta(minutes=1)
BEN = Principal(subject="sub-ben", org=ORG, role=Role.SUPERVISOR, person="p-9", sites=frozenset({"hq"}))
TOLD = {"ben": (To.SUPERVISOR, "p-9"), "ina": (To.SUPERVISOR, "p-8"), "channel": (To.CHANNEL, "#tool-room")}
Standing = dict[str, Message]


@pytest.fixture(autouse=True)
def standing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standing]:
    """What stands in each conversation; three were told a moment ago."""
    messages: Standing = {}

    def post(where: str, message: Message, **_: Any) -> Posted:
        messages[where] = message
        return Posted(channel=where, ts="1.000000")

    monkeypatch.setattr(slack, "send", post)
    monkeypatch.setattr(slack, "amend", lambda place, message: messages.update({place.channel: message}))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with tables_in_memory():
        rules(site(supervisors=("p-8", "p-9"), channel="#tool-room"), FALLBACK)
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA"))
        put_person(Person(id="p-8", name="Ina Roth", slack_id="U0INA"))
        put_person(Person(id="p-9", name="Ben Ode", slack_id="U0BEN"))
        put_asset(Asset(id="cam-2", type="thermal-camera", name="Thermal camera 2", custodian=Custodian.site("hq")))
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        for name, (to, who) in TOLD.items():
            mapping.notice_item(ORG, a_notice(id=name, to=to, recipient=who, site="hq")).save()
            deliver(name, ORG, NOW)
        yield messages


def pressed(reaction: Reaction, now: datetime) -> None:
    """Ben presses; then the stream brings what was marked."""
    assert react(BEN, "ben", reaction, op=f"{reaction}-{now}", now=now).done
    for name in TOLD:
        amend(name, ORG, now)


def returned(now: datetime) -> None:
    loan = load_loan(ORG, "loan-1")
    back = replace(loan, state=LoanState.CLOSED, returned_at=now, return_bank="hq-01", version=loan.version + 1)
    mapping.loan_item(ORG, back).save()


def buttons(message: Message) -> list[str]:
    return [each["action_id"] for block in message.blocks for each in block.get("elements", ()) if "action_id" in each]


def test_everybody_sees_who_sees_to_it_and_what_is_left_to_press(standing: Standing) -> None:
    assert len(standing) == len(TOLD)
    before = {where: buttons(message) for where, message in standing.items()}
    pressed(Reaction.ACKNOWLEDGE, NOW + MINUTE)
    for where, message in standing.items():
        assert "✔ Ben Ode: I see to it" in str(message.blocks)
        assert buttons(message) == [each for each in before[where] if each != Reaction.ACKNOWLEDGE]


def test_of_two_presses_the_later_one_stands_everywhere(standing: Standing) -> None:
    pressed(Reaction.ACKNOWLEDGE, NOW + MINUTE)
    pressed(Reaction.SNOOZE_HOUR, NOW + 2 * MINUTE)
    for message in standing.values():
        assert "✔ Ben Ode: Again in an hour" in str(message.blocks)
        assert "I see to it" in str(message.blocks)


def test_what_came_back_says_so_whatever_was_pressed_and_is_brought_late(standing: Standing) -> None:
    assert react(BEN, "ben", Reaction.ACKNOWLEDGE, op="op-1", now=NOW + MINUTE).done
    returned(NOW + 2 * MINUTE)
    outdate("loan-1", ORG, NOW + 2 * MINUTE)
    react(BEN, "ben", Reaction.ACKNOWLEDGE, op="op-1", now=NOW + 3 * MINUTE)
    for name in TOLD:
        amend(name, ORG, NOW + 3 * MINUTE)
        assert load_notice(ORG, name).outdated_at is None
    assert {message.summary for message in standing.values()} == {"Thermal camera 2: returned at 19:32"}
    assert not any(buttons(message) for message in standing.values())
