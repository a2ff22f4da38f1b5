"""Others are asked to agree to a take, and whoever asked hears what they said (rules.md, row 13)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.notices import email, slack
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.stream import Moved, heard
from chalicelib.notices.wording.message import Message
from tests.support.streamed import outdate
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, NOW, ORG, put_person, rules, site
from toolcrib.domain import agreeing
from toolcrib.domain.agreeing import Wanted
from toolcrib.domain.alerts import with_alerts
from toolcrib.domain.assets import AssetType
from toolcrib.domain.authorisers import APPROVAL_LIFE, Authoriser
from toolcrib.domain.change import Change
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.people import Group, Person
from toolcrib.domain.policies import Authorisers
from toolcrib.store import mapping
from toolcrib.store.authorisations import load_authorisation
from toolcrib.store.commit import commit
from toolcrib.store.items import NoticeItem
from toolcrib.store.notices import load_notice
from toolcrib.store.people import load_person
from toolcrib.store.rulebook import rule_book
from toolcrib.store.tables import connection

MINUTE = timedelta(minutes=1)
ONE = Authorisers(count=1)
OF_SAFETY = Authorisers(count=1, group="safety")
Shown = list[tuple[str, Message]]


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        hq = site(channel="#hq", supervisors=("p-1", "p-9"))
        rules(hq, FALLBACK, Group(id="safety", name="Safety"), AssetType(id="drill", name="Drill", category="tool"))
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA"))
        put_person(Person(id="p-9", name="Ben Ode", slack_id="U0BEN"))
        yield


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What stands in Slack, oldest first: where, and the message; one that was changed is where it is."""
    seen: Shown = []

    def post(where: str, message: Message, **_: Any) -> Posted:
        seen.append((where, message))
        return Posted(channel=where, ts="1.000000")

    monkeypatch.setattr(slack, "send", post)
    monkeypatch.setattr(slack, "amend", lambda place, message: seen.append((f"changed {place.channel}", message)))
    monkeypatch.setattr(email, "send", lambda *_: pytest.fail("all of them are in Slack"))
    return seen


def commit_told(change: Change | None) -> Change:
    assert change is not None
    commit(ORG, with_alerts(change, rule_book(ORG)))
    return change


def asked(*demands: Authorisers) -> str:
    wanted = Wanted(type="drill", bank="hq-01", site="hq", demands=demands or (ONE,))
    change = commit_told(agreeing.ask(ORG, load_person(ORG, "p-1"), wanted, op="tap-1", at=NOW))
    return change.authorisations[0].id


def agreed(request: str, who: str = "p-9", groups: tuple[str, ...] = ()) -> None:
    one = Authoriser(person=who, groups=groups, at=NOW + MINUTE)
    taker = load_person(ORG, "p-1")
    commit_told(agreeing.approve(load_authorisation(ORG, request), taker, one, op=f"by {who}", reason=None))


def refused(request: str) -> None:
    one = Authoriser(person="p-9", at=NOW + MINUTE)
    taker = load_person(ORG, "p-1")
    commit_told(agreeing.refuse(load_authorisation(ORG, request), taker, one, op="by p-9", reason=None))


def expired(request: str) -> None:
    commit_told(agreeing.expire(load_authorisation(ORG, request), NOW + APPROVAL_LIFE + MINUTE))


def notices() -> list[Notice]:
    connection()
    return [load_notice(ORG, item.pk.rpartition("#")[2]) for item in NoticeItem.scan(NoticeItem.sk == "NOTICE")]


def delivered(now: Any = NOW) -> None:
    for each in notices():
        deliver(each.id, ORG, now)


def buttons(message: Message) -> list[str]:
    every = (element for block in message.blocks for element in block.get("elements", ()))
    return [element["action_id"] for element in every if "value" in element]


def test_the_sites_channel_and_its_other_supervisors_are_asked(shown: Shown) -> None:
    asked(ONE, OF_SAFETY)
    delivered()
    assert sorted(where for where, _ in shown) == ["#hq", "U0BEN"]
    for _, message in shown:
        assert message.subject == "Maya Lind asks whether they may take Drill"
        assert "1 person who looks after the site, 1 person of Safety" in message.text
        assert buttons(message) == ["approve", "refuse"]


def test_whoever_asked_hears_that_others_agreed_and_those_asked_see_it(shown: Shown) -> None:
    request = asked()
    delivered()
    agreed(request)
    outdate(request, ORG, NOW + MINUTE)
    delivered()
    assert sorted(where for where, _ in shown[2:4]) == ["changed #hq", "changed U0BEN"]
    assert [where for where, _ in shown[4:]] == ["U0MAYA"]
    *changed, (_, answer) = shown[2:]
    for _, message in changed:
        assert message.subject == "Drill: Maya Lind may take it, nothing more to do"
        assert "Ben Ode" in str(message.blocks)
        assert not buttons(message)
    assert answer.subject == "You may take Drill"
    assert "Agreed: Ben Ode" in answer.text


def test_one_of_two_who_have_to_agree_is_not_enough_to_be_told_of(shown: Shown) -> None:
    request = asked(ONE, OF_SAFETY)
    delivered()
    agreed(request)
    delivered()
    assert len(shown) == 2


def test_whoever_asked_hears_of_a_refusal(shown: Shown) -> None:
    request = asked()
    delivered()
    refused(request)
    outdate(request, ORG, NOW + MINUTE)
    delivered()
    subjects = {where: message.subject for where, message in shown[2:]}
    assert subjects["changed #hq"] == "Drill: refused, Maya Lind may not take it"
    assert subjects["U0MAYA"] == "You may not take Drill"


def test_without_an_answer_the_messages_say_so_and_nobody_else_is_told(shown: Shown) -> None:
    request = asked()
    delivered()
    expired(request)
    outdate(request, ORG, NOW + APPROVAL_LIFE + MINUTE)
    delivered()
    assert {message.subject for _, message in shown[2:]} == {"Drill: nobody answered in time"}
    assert len(shown) == 4


def test_what_is_answered_before_anybody_was_asked_is_asked_of_nobody(shown: Shown) -> None:
    agreed(asked())
    delivered()
    assert [where for where, _ in shown] == ["U0MAYA"]
    states = {each.step: each.state for each in notices()}
    assert states == {"authorisation": NoticeState.CANCELLED, "authorised": NoticeState.SENT}


def test_once_it_was_taken_the_answer_is_settled(shown: Shown) -> None:
    request = asked()
    agreed(request)
    delivered()
    commit(ORG, Change(op="take", at=NOW + MINUTE, used=(request,)))
    outdate(request, ORG, NOW + MINUTE)
    assert shown[-1][1].subject == "Drill: settled, nothing more to do"


@pytest.mark.parametrize(("now", "moved"), [("asked", False), ("approved", True), ("refused", True), ("expired", True)])
def test_the_stream_tells_of_an_answer(now: str, moved: bool) -> None:
    item = mapping.authorisation_item(ORG, load_authorisation(ORG, asked())).to_dynamodb_dict()
    record = {"dynamodb": {"OldImage": item, "NewImage": {**item, "state": {"S": now}}}}
    name = item["pk"]["S"].rpartition("#")[2]
    assert heard(record) == (Moved(org=ORG, about=name) if moved else None)
