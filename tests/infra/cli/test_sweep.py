"""`toolcrib sweep`: time is moved by the event, and what came of it is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.cli.verbs import sweep
from infra.local.changes import Changed
from infra.local.home import Home
from infra.local.running import Running
from tests.support import loans
from tests.support.workplace import NOW
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import replace

PENDING = Notice(id="n-1", loan="loan-1", step="PT2H", to=To.SUPERVISOR, recipient="petra", via=Via.SLACK, due_at=NOW)


class Stream:
    """Changes that come one look after the other, then nothing."""

    def __init__(self, *looks: list[Changed]) -> None:
        self.looks: Iterator[list[Changed]] = iter(looks)

    def read(self) -> list[Changed]:
        return next(self.looks, [])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, stack: Home) -> list[tuple[str, dict[str, Any]]]:
    """What functions were invoked with; the sweeper needs a second run."""
    found: list[tuple[str, dict[str, Any]]] = []

    def invoke(_: Running, function: str, event: dict[str, Any]) -> dict[str, int]:
        found.append((function, event))
        return {"noted": 2, "left_for_next_run": 1} if len(found) == 1 else {"noted": 1}

    monkeypatch.setattr(Running, "invoke", invoke)
    monkeypatch.setattr(sweep, "QUIET_S", 0.0)
    monkeypatch.setattr(sweep, "PAUSE_S", 0.0)
    return found


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def stream(*looks: list[Changed]) -> None:
        made = Stream(*looks)
        monkeypatch.setattr(sweep, "Changes", lambda *_: made)

    return stream


def test_the_sweeper_is_told_the_time_and_runs_until_nothing_is_left(
    toolcrib: Callable[..., Any], asked: list[Any], changing: Callable[..., None]
) -> None:
    changing()
    result = toolcrib("sweep", "--at", "2026-11-21T19:00:00+01:00")
    assert [(function, event["time"]) for function, event in asked] == [("sweep", "2026-11-21T18:00:00.000Z")] * 2
    assert result.exit_code == 0
    assert "3 × noted." in result.output


def test_notices_are_followed_until_they_are_out(
    toolcrib: Callable[..., Any], asked: list[Any], changing: Callable[..., None]
) -> None:
    del asked
    sent = replace(PENDING, state=NoticeState.SENT)
    changing([Changed(at=NOW, before=None, after=PENDING)], [], [], [Changed(at=NOW, before=PENDING, after=sent)])
    said = toolcrib("sweep", "--at", "2027-11-21T18:00:00Z").output
    assert "supervisor petra was told by slack: due PT2H ago" in said
    assert "That made: 1 × notice sent." in said
    assert "Read them in the inbox: http://127.0.0.1:2/" in said


def test_a_notice_that_cannot_go_out_now_is_not_waited_for(
    toolcrib: Callable[..., Any], asked: list[Any], changing: Callable[..., None]
) -> None:
    del asked
    put_off = replace(PENDING, attempts=1, last_error="ratelimited")
    changing([Changed(at=NOW, before=None, after=PENDING)], [Changed(at=NOW, before=PENDING, after=put_off)])
    assert "notice sent" not in toolcrib("sweep", "--at", "2027-11-21T18:00:00Z").output


def test_when_nothing_was_due_it_says_so(
    toolcrib: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, asked: list[Any], changing: Callable[..., None]
) -> None:
    del asked
    changing([Changed(at=NOW, before=loans.taken(), after=loans.taken())])
    monkeypatch.setattr(Running, "invoke", lambda *_: {})
    assert "nothing was due." in toolcrib("sweep", "--at", "2026-11-21T18:00:00Z").output


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("tomorrow", "tomorrow is no instant"),
        ("2026-11-21T18:00:00", "does not say in which time zone"),
        ("", "instant"),
    ],
)
def test_what_is_no_instant_is_refused_and_nothing_runs(
    at: str, said: str, toolcrib: Callable[..., Any], asked: list[Any]
) -> None:
    result = toolcrib("sweep", "--at", at)
    assert result.exit_code == 1
    assert said in result.output
    assert not asked
