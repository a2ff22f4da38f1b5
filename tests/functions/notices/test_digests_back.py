"""A digest's mail may come back while its parts are still being ended: none of them ends as if it had been told."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from chalicelib.notices import deliver_notice, email
from chalicelib.notices.feedback import Feedback, What
from chalicelib.notices.hear_feedback import hear
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.workplace import FALLBACK, ORG, person, put_person, rules, site
from tests.support.world import World, world
from toolcrib.domain.gathering import DIGEST
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.policies import Via
from toolcrib.domain.refusals import LostRace
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice

NOW = DUE + 2 * HOUR
ADDRESS = "maya@acme.example"
BOUNCED = Feedback(notice="notice-1", what=What.BOUNCED, at=NOW, addresses=frozenset({ADDRESS}))
Sent = list[str]


@pytest.fixture
def here() -> Iterator[World]:
    with world(check=False, rules=False) as here:
        rules(site(), FALLBACK)
        put_person(person(1, email=ADDRESS, slack_id="U0MAYA"))
        yield here


@pytest.fixture
def said_of(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Which notices the mails that left are tagged with."""
    found: Sent = []
    monkeypatch.setattr(email, "send", lambda _, message: found.append(message.tags["notice"]))
    return found


def put_digest(*loans: str) -> list[str]:
    """Write a digest of one notice for each loan, in this state."""
    parts = [f"part-{number}" for number in range(len(loans))]
    for part, state in zip(parts, loans, strict=True):
        mapping.loan_item(ORG, a_loan(id=f"loan-{part}", state=state)).save()
        mapping.notice_item(ORG, a_notice(id=part, loan=f"loan-{part}", digest="notice-1", via=Via.EMAIL)).save()
    whole = a_notice(loan=None, due_version=None, step=DIGEST, via=Via.EMAIL, parts=tuple(parts))
    mapping.notice_item(ORG, whole).save()
    return parts


@pytest.mark.parametrize("loans", [("open", "open", "open"), ("open", "closed")], ids=len)
def test_whenever_the_word_comes_its_parts_are_told_anew(here: World, said_of: Sent, loans: tuple[str, ...]) -> None:
    dynamo, parts = here.dynamo, put_digest(*loans)
    assert dynamo is not None
    beginning = dynamo.snapshot()
    for wanted in count(1):  # the word comes before this call of the store after the mail
        dynamo.restore(beginning)
        said_of.clear()
        heard: list[str] = []
        calls = count(1)

        def word_comes(*_: Any, wanted: int = wanted, heard: list[str] = heard, calls: Any = calls) -> None:
            if said_of and next(calls) == wanted:
                with suppress(LostRace):
                    heard.append(hear(BOUNCED, ORG, NOW))

        dynamo.before.append(word_comes)
        assert deliver_notice.deliver("notice-1", ORG, NOW) is NoticeState.SENT
        dynamo.before.clear()
        if not heard:
            hear(BOUNCED, ORG, NOW)
        live = [load_notice(ORG, part) for part, state in zip(parts, loans, strict=True) if state == "open"]
        assert {(part.state, part.digest, part.wake_at) for part in live} == {(NoticeState.PENDING, None, NOW)}
        if next(calls) <= wanted:
            break
    assert wanted > len(live)


@pytest.mark.usefixtures("here")
def test_what_is_left_of_a_digest_goes_out_in_its_name(said_of: Sent) -> None:
    put_digest("open", "closed")
    deliver_notice.deliver("notice-1", ORG, NOW)
    assert said_of == ["notice-1"]
