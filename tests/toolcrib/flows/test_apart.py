"""What breaks whoever looks at it is tried again ever later, then set aside and named; its neighbours go on."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pynamodb.exceptions import GetError
from pynamodb.expressions.operand import Path

from chalicelib.notices import deliver_notice, email
from tests.support.stories import a_loan, a_notice
from tests.support.workplace import DRILL, FALLBACK, ORG, person, put_person, rules, site
from tests.support.world import Context, World, app, world
from toolcrib.domain import stumbling
from toolcrib.domain.ladder import begin
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.outbox import redriven
from toolcrib.domain.policies import Period, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.flows import sweep
from toolcrib.flows.apart import apart
from toolcrib.store import items, keys, mapping
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.tables import connection

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def here() -> Iterator[World]:
    with world(check=False) as here:
        rules(site(), DRILL, FALLBACK)
        put_person(person(1, name="Maya", email="maya@acme.example"))
        connection()
        yield here


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    out: list[str] = []
    monkeypatch.setattr(email, "send", lambda to, _: out.append(to))
    return out


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of notice n-2 nothing can be said: a fault of ours."""
    facts_of = deliver_notice.facts_of

    def facts(org: str, notice: Any, *more: Any) -> Any:
        if notice.id == "n-2":
            raise KeyError("Maya Lind's address is maya@acme.example")
        return facts_of(org, notice, *more)

    monkeypatch.setattr(deliver_notice, "facts_of", facts)


def noted(here: World, number: int, **more: Any) -> items.NoticeItem:
    mapping.loan_item(ORG, a_loan(id=f"l-{number}", due_at=here.now)).save()
    given = {"id": f"n-{number}", "loan": f"l-{number}", "via": Via.EMAIL, "due_at": here.now, "urgent": True, **more}
    item = mapping.notice_item(ORG, a_notice(**given))
    item.save()
    return item


def bring(here: World, *names: str) -> list[str]:
    """Bring notices as the stream does; return what it is asked to bring again."""
    records = []
    for number, name in enumerate(names):
        image = {"pk": {"S": f"{ORG}#NOTICE#{name}"}, "sk": {"S": "NOTICE"}, "wake": {"S": keys.moment(here.now)}}
        changed = {"SequenceNumber": str(number), "NewImage": image}
        records.append({"eventName": "INSERT", "dynamodb": changed})
    with time_machine.travel(here.now, tick=False):
        answer = app("notices").deliver({"Records": records}, Context())
    return [names[int(each["itemIdentifier"])] for each in answer["batchItemFailures"]]


def stumble(here: World, name: str = "n-2") -> int:
    """Let the agenda bring a notice until it is over; return how often it came."""
    for times in range(1, 20):
        bring(here, name)
        notice = load_notice(ORG, name)
        if notice.state is NoticeState.GIVEN_UP:
            return times
        assert notice.wake_at is not None
        here.now = notice.wake_at
    pytest.fail("it came for ever")


@pytest.mark.usefixtures("broken")
def test_a_notice_that_breaks_the_sender_lets_its_neighbours_go(here: World, sent: list[str]) -> None:
    for number in (1, 2, 3):
        noted(here, number)
    assert bring(here, "n-1", "n-2", "n-3") == []
    assert len(sent) == 2
    waiting = load_notice(ORG, "n-2")
    assert (waiting.state, waiting.stumbles, waiting.wake_at) == (NoticeState.PENDING, 1, here.now + MINUTE)


@pytest.mark.usefixtures("broken")
def test_after_some_tries_it_is_given_up_under_a_code_that_names_the_place(
    here: World, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(here, 2)
    assert stumble(here) == stumbling.MOST
    ended = load_notice(ORG, "n-2")
    assert (ended.last_error, ended.wake_at) == ("broken_KeyError_in_facts", None)
    assert mapping.notice_item(ORG, ended).agenda_at is None
    assert '"DeadLetters"' in capsys.readouterr().out
    here.sweep()
    assert load_notice(ORG, "n-2") == ended


@pytest.mark.usefixtures("broken")
def test_what_is_mended_can_be_redriven(here: World, sent: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    noted(here, 2)
    stumble(here)
    monkeypatch.undo()
    monkeypatch.setattr(email, "send", lambda to, _: sent.append(to))
    anew = redriven(load_notice(ORG, "n-2"), here.now)
    assert anew is not None
    assert anew.stumbles == 0
    save_notice(ORG, anew)
    bring(here, "n-2")
    assert sent == ["maya@acme.example"]


def test_a_notice_that_cannot_be_read_is_given_up_too(here: World) -> None:
    item = noted(here, 2)
    item.about = {**item.about, "to": "everybody"}
    item.save()
    for _ in range(stumbling.MOST):
        assert bring(here, "n-2") == []
    raw = items.NoticeItem.get(*keys.notice(ORG, "n-2"))
    assert raw.state == "given_up"
    assert raw.attribute_values.get("agenda_at") is None
    assert raw.about["last_error"].startswith("broken_ValidationError_in_")


def test_the_sweeper_gives_it_up_as_well(here: World) -> None:
    item = noted(here, 2)
    item.about = {**item.about, "to": "everybody"}
    item.save()
    noted(here, 1, wake_at=here.now)
    for _ in range(60):
        here.sweep()
        here.now += MINUTE
    assert items.NoticeItem.get(*keys.notice(ORG, "n-2")).state == "given_up"


def test_a_store_that_does_not_answer_is_no_fault_of_the_notice(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(here, 1)

    def failing(*_: Any) -> None:
        raise GetError("throttled")

    with monkeypatch.context() as context:
        context.setattr(deliver_notice, "about_of", failing)
        assert bring(here, "n-1") == ["n-1"]
    assert load_notice(ORG, "n-1").stumbles == 0


def test_a_message_that_breaks_who_changes_it_stays_as_it_is(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noted(here, 1)
    out = replace(load_notice(ORG, "n-1"), state=NoticeState.SENT, outdated_at=here.now, wake_at=here.now, version=2)
    save_notice(ORG, out)

    def broken(*_: Any) -> None:
        raise KeyError

    monkeypatch.setattr("chalicelib.notices.amend_notice.about_of", broken)
    monkeypatch.setattr("chalicelib.notices.deliver_notice.load_notice", broken)
    for times in range(stumbling.MOST):
        assert bring(here, "n-1") == [], times
    ended = load_notice(ORG, "n-1")
    assert (ended.state, ended.outdated_at) == (NoticeState.SENT, None)


def test_a_loan_that_breaks_the_sweeper_is_named_and_its_neighbours_are_told(
    here: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    terms = Terms(policy="f", period=Period(after=MINUTE), ladder=(Step(offset=MINUTE, to=To.HOLDER, via=Via.EMAIL),))
    for name in ("l-1", "l-2"):
        mapping.loan_item(ORG, begin(a_loan(id=name, due_at=here.now, terms=terms), here.now - DAY)).save()

    def climb(org: str, loan: Any, now: Any) -> Any:
        if loan.id == "l-1":
            raise ZeroDivisionError("Maya")
        return true_climb(org, loan, now)

    true_climb = sweep._climb
    monkeypatch.setattr(sweep, "_climb", climb)
    here.now += MINUTE
    met = []
    with caplog.at_level(logging.ERROR):
        for _ in range(40):
            before = len(caplog.records)
            here.sweep()
            met += [here.now] if len(caplog.records) > before else []
            here.now += MINUTE
    assert [notice.loan for notice in here.notices()] == ["l-2"]
    assert [later - met[0] for later in met] == [minutes * MINUTE for minutes in (0, 1, 3, 7, 15)]
    line = vars(caplog.records[-1])
    assert (line["op"], line["kind"], line["code"]) == ("l-1", "loan", "broken_ZeroDivisionError_in_climb")
    assert "Maya" not in str(line)
    here.now += DAY
    monkeypatch.undo()
    here.sweep()
    assert {notice.loan for notice in here.notices()} >= {"l-1", "l-2"}


def test_what_is_no_item_at_all_is_left_alone_as_well(here: World) -> None:
    key = keys.notice(ORG, "n-9")
    noted(here, 9, wake_at=here.now)
    connection().update_item("state", *key, actions=[Path("about").set("nonsense")])

    def look() -> str:
        raise KeyError

    assert apart(ORG, "NOTICE", look, key=key, now=here.now) == "failed"
    raw = connection().get_item("state", *key, consistent_read=True)["Item"]
    assert (raw["stumbles"], raw["agenda_at"]) == ({"N": "1"}, {"S": keys.moment(here.now + MINUTE)})
