"""Forged, altered, late and replayed callbacks of Slack and links in mails: none of 10,000 is accepted or acts."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.filled import filled_orgs
from tests.support.forgeries import KINDS, Callback, Link, Links, callbacks, signed
from tests.support.http import Client, Reply
from tests.support.slack import HOOK, Slack, slack_at_hand
from tests.support.tables import ANSWERS
from tests.support.workplace import NOW, ORG
from toolcrib.domain.people import Person
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace
from toolcrib.send import answer_links, unsubscribing
from toolcrib.store import mapping
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import load_person

TRIED, GOOD_ONES = 5_000, 50
SECRET = bytes.fromhex(ANSWERS)
PRESSES = {"action_id": "acknowledge", "value": "acme/hq", "block_id": "b", "type": "button"}
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@pytest.fixture
def done() -> Iterator[Counter[str]]:
    """Count what was written, whatever it was."""
    counted: Counter[str] = Counter()

    def count(operation: str, _: dict[str, Any]) -> None:
        counted[operation] += operation in WRITES

    with filled_orgs() as dynamo:
        _people_and_loans()
        dynamo.after.append(count)
        yield counted


def _people_and_loans() -> None:
    """Have as many readers of mails as there are good links, each with a loan of which they were told."""
    loan, notice = load_loan(ORG, "hq"), load_notice(ORG, "hq")
    for number in range(GOOD_ONES):
        name = f"r-{number}"
        mapping.person_item(ORG, Person(id=name, name="Ann", site="hq")).save()
        mapping.loan_item(ORG, replace(loan, id=name, person=name)).save()
        mapping.notice_item(ORG, replace(notice, id=name, loan=name, recipient=name)).save()


def _press(number: int, at_s: int) -> Callback:
    action = {**PRESSES, "action_ts": f"{number}.0"}
    payload = {"type": "block_actions", "user": {"id": "UHQ"}, "response_url": HOOK, "actions": [action]}
    return signed("/slack/actions", urlencode({"payload": json.dumps(payload)}), at_s)


def _command(number: int, at_s: int) -> Callback:
    form = {"command": "/toolcrib", "text": "mine", "user_id": "UHQ", "response_url": HOOK, "trigger_id": f"t{number}"}
    return signed("/slack/commands", urlencode(form), at_s)


def test_of_5_000_callbacks_that_slack_did_not_just_sign_none_is_accepted(done: Counter[str]) -> None:
    tried: Counter[str] = Counter()
    heard: list[Callback] = []
    chance, at_s = Random(1), int(NOW.timestamp())
    with slack_at_hand() as slack:
        sources = [callbacks(make(0, at_s), heard, chance) for make in (_press, _command)]
        for number in range(1, GOOD_ONES + 1):
            good = (_press, _command)[number % 2](number, at_s)
            assert _sent(slack, good) == 200
            assert (len(slack.invoked), done.total()) == (1, 1)  # its second half waits, and that it was heard is noted
            slack.invoked.clear()
            done.clear()
            heard.append(good)
            for kind, false in islice(sources[number % 2], TRIED // GOOD_ONES):
                assert (_sent(slack, false), kind, false) == (401, kind, false)
                tried[kind] += 1
            assert (slack.invoked, slack.whispers, done.total()) == ([], [], 0)
    assert (tried.total(), set(tried)) == (TRIED, set(KINDS))
    assert min(tried.values()) > 500


def _sent(slack: Slack, callback: Callback) -> int:
    return slack.send(callback.path, callback.body, callback.headers, callback.kind).status


def test_of_5_000_links_that_we_did_not_mail_or_that_are_over_none_is_accepted(done: Counter[str]) -> None:
    tried: Counter[str] = Counter()
    chance, pages = Random(2), (_answers(), _unsubscribing())
    sources = [page.false(chance) for page in pages]
    for number in range(GOOD_ONES):
        page = pages[number % 2]
        good = (_answer, _leaving)[number % 2](f"r-{number}")
        assert _followed(Link(page.page, good), "GET").status == 200
        assert done.total() == 0  # scanners of mail open links
        assert _followed(Link(page.page, good), "POST").status == 200
        assert done.total() > 0
        done.clear()
        if page.page == "answers":  # to unsubscribe again is no second act
            page.used.append(good)
        for kind, false in islice(sources[number % 2], TRIED // GOOD_ONES):
            status = _followed(false, chance.choice(("GET", "POST", "POST"))).status
            assert (status, kind, false) == (410 if kind in {"late", "replayed"} else 404, kind, false)
            tried[kind] += 1
        assert done.total() == 0
    assert (tried.total(), set(tried)) == (TRIED, set(KINDS))
    assert min(tried.values()) > 250
    assert {load_person(ORG, f"r-{number}").unsubscribed for number in range(1, GOOD_ONES, 2)} == {("daily",)}


def _followed(link: Link, method: str) -> Reply:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    where, given = f"/v1/{link.page}/{{token}}", {"token": link.token}
    body = "" if method == "POST" else None
    return Client(None, at=NOW + link.later).ask(
        method, f"/{link.page}", raw=body, headers=form, resource=where, parameters=given
    )


def _answer(person: str, secret: bytes = SECRET, org: str = ORG) -> str:
    end = NOW + answer_links.LIFE
    link = answer_links.AnswerLink(org=org, notice=person, reaction=Reaction.ACKNOWLEDGE, person=person, expires_at=end)
    return answer_links.signed(secret, link)


def _leaving(person: str, secret: bytes = SECRET, org: str = ORG) -> str:
    end = NOW + unsubscribing.LIFE
    return unsubscribing.signed(secret, unsubscribing.Leaving(org=org, person=person, kind="daily", expires_at=end))


def _answers() -> Links:
    foreign = (_leaving("hq"), _answer("hq", org="globex"), _answer("hq", b""))
    return Links("answers", _answer("hq"), lambda key: _answer("hq", key), foreign, answer_links.LIFE)


def _unsubscribing() -> Links:
    foreign = (_answer("hq"), _leaving("hq", org="globex"), _leaving("hq", b""))
    return Links("unsubscribe", _leaving("hq"), lambda key: _leaving("hq", key), foreign, unsubscribing.LIFE)
