"""Questions to the broker's services: an answer, a no, or silence; never a wrong answer."""

import json
from typing import Any

import pytest

from edge.enrolment.questions import Questions, RefusedError, SilentError
from edge.link import LinkLostError
from edge.services import Services

TOPIC = "$aws/things/acme:hq-01/jobs/$next/get"


class Broker:
    """Answers each question at once with what it was told to say; silent where that is nothing."""

    def __init__(self, *answers: tuple[str, bytes]) -> None:
        self.answers, self.asked = answers, list[tuple[str, bytes]]()
        self.questions = Questions(self.publish, within_s=0)

    async def publish(self, topic: str, payload: bytes) -> None:
        self.asked.append((topic, payload))
        for answer in self.answers:
            self.questions.received(*answer)


async def test_an_answer_is_the_answer() -> None:
    broker = Broker((f"{TOPIC}/accepted", b'{"n": 1}'))
    assert await broker.questions.ask(TOPIC, {"a": "b"}) == {"n": 1}
    assert broker.asked == [(TOPIC, b'{"a": "b"}')]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"errorCode": "AccessDenied", "errorMessage": "no"}, "AccessDenied"),
        ({"code": "TerminalStateReached", "message": "over"}, "TerminalStateReached"),
        ({}, "Rejected"),
    ],
)
async def test_a_no_has_its_word(said: dict[str, Any], code: str) -> None:
    broker = Broker((f"{TOPIC}/rejected", json.dumps(said).encode()))
    with pytest.raises(RefusedError) as told:
        await broker.questions.ask(TOPIC, {})
    assert told.value.code == code


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [("$aws/things/acme:hq-02/jobs/$next/get/accepted", b"{}")],
        [(f"{TOPIC}/other", b"{}")],
        [(TOPIC, b"{}")],
        [(f"{TOPIC}/accepted", b"no json")],
        [(f"{TOPIC}/accepted", b"[]")],
        [(f"{TOPIC}/accepted", b"[" * 100_000)],
        [(f"{TOPIC}/rejected", b"\xff")],
    ],
)
async def test_anything_else_is_silence(answers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(SilentError):
        await Broker(*answers).questions.ask(TOPIC, {})


async def test_a_second_answer_is_nobodys() -> None:
    broker = Broker((f"{TOPIC}/accepted", b'{"n": 1}'), (f"{TOPIC}/accepted", b'{"n": 2}'))
    assert await broker.questions.ask(TOPIC, {}) == {"n": 1}
    assert not broker.questions.received(f"{TOPIC}/accepted", b"{}")


async def test_who_is_not_connected_asks_nobody() -> None:
    services = Services([])
    with pytest.raises(SilentError, match="not connected"):
        await services.ask(TOPIC, {})
    services.joined()
    with pytest.raises(SilentError, match="no connection"):
        await services.ask(TOPIC, {})


async def test_a_connection_that_breaks_ends_every_question() -> None:
    services = Services([])

    async def breaks(*_: object) -> None:
        services.left()

    services.speak_through(breaks)
    services.joined()
    with pytest.raises(SilentError, match="broke"):
        await services.ask(TOPIC, {})

    async def lost(*_: object) -> None:
        raise LinkLostError("gone")

    services.speak_through(lost)
    services.joined()
    with pytest.raises(SilentError, match="gone"):
        await services.ask(TOPIC, {})


def test_what_answers_nothing_is_news() -> None:
    news, ready = list[tuple[str, bytes]](), list[bool]()
    services = Services(["x"], news=lambda *heard: news.append(heard), ready=lambda: ready.append(True))
    services.joined()
    services.heard("$aws/things/t/jobs/notify-next", b"{}")
    assert (news, ready) == ([("$aws/things/t/jobs/notify-next", b"{}")], [True])
