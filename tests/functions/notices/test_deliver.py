"""The stream's function: each record for itself, whatever its neighbours are."""

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.notices import amend_notice, deliver_notice, slack
from tests.support.stories import a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, put_person, rules, site
from toolcrib.domain.people import Person
from toolcrib.store import mapping
from toolcrib.store.tables import connection

Calls = list[tuple[str, str, datetime]]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("toolcrib_notices_app", Path("functions/notices/app.py"))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the flow was asked for; a notice called `broken` fails in it."""
    asked: Calls = []

    def deliver(notice: str, org: str, now: datetime) -> None:
        if notice == "broken":
            raise RuntimeError("maya@acme.example refused it")
        asked.append((notice, org, now))

    monkeypatch.setattr(deliver_notice, "deliver", deliver)
    return asked


def record(notice: str, number: int = 1, **image: Any) -> dict[str, Any]:
    new = {"pk": {"S": f"acme#NOTICE#{notice}"}, "sk": {"S": "NOTICE"}, "kind": {"S": "notice"}, **image}
    return stream_record(number, new)


def stream_record(number: int, image: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    changed = {"SequenceNumber": str(number), "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": image, **more}
    return {"eventID": f"e{number}", "eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": changed}


def invoke(module: ModuleType, *records: dict[str, Any]) -> list[str]:
    """Call the function as Lambda does; return the positions it reports as failed."""
    with Client(module.app, stage_name="api", project_dir="functions/notices") as client:
        answer = client.lambda_.invoke("deliver", {"Records": list(records)}).payload
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_every_record_is_one_notice(module: ModuleType, calls: Calls) -> None:
    assert invoke(module, record("n1", 1), record("n2", 2)) == []
    assert [(notice, org) for notice, org, _ in calls] == [("n1", "acme"), ("n2", "acme")]


POISON = [
    {},
    {"pk": {"S": "acme#NOTICE#x"}},
    {"pk": {"N": "1"}, "sk": {"S": "NOTICE"}},
    {"pk": {"S": "nonsense"}, "sk": {"S": "NOTICE"}},
    {"pk": {"S": "acme#LOAN#x"}, "sk": {"S": "LOAN"}},
    {"pk": {"S": "acme#LOAN#x"}, "sk": {"S": "NOTICE"}},
    {"pk": {"S": "#NOTICE#"}, "sk": {"S": "STATE"}},
    {"pk": "acme#NOTICE#x", "sk": "NOTICE"},
    {"pk": {"S": "acme#NOTICE#x"}, "sk": {"S": "NOTICE"}, "wake": {"S": "soon"}},
    {"pk": {"S": "acme#NOTICE#x"}, "sk": {"S": "NOTICE"}, "wake": {"S": "2026-11-21T09:00:00"}},
]


@pytest.mark.parametrize("poison", POISON)
@pytest.mark.parametrize("place", [0, 4, 9])
def test_one_poison_record_among_ten_fails_alone(
    module: ModuleType, calls: Calls, poison: dict[str, Any], place: int
) -> None:
    batch = [record(f"n{number}", number) for number in range(10)]
    batch[place] = stream_record(place, poison)
    assert invoke(module, *batch) == [str(place)]
    assert [notice for notice, _, _ in calls] == [f"n{number}" for number in range(10) if number != place]


URGENT: dict[str, Any] = {"about": {"M": {"urgent": {"BOOL": True}}}}
NOT_URGENT: dict[str, Any] = {"about": {"M": {"urgent": {"BOOL": False}}}}


def test_the_urgent_of_a_batch_are_first_and_all_else_is_as_it_came(module: ModuleType, calls: Calls) -> None:
    batch = [record("n1", 1, **NOT_URGENT), record("u1", 2, **URGENT), record("n2", 3), record("u2", 4, **URGENT)]
    assert invoke(module, *batch) == []
    assert [notice for notice, _, _ in calls] == ["u1", "u2", "n1", "n2"]


def test_a_change_of_an_urgent_message_lets_what_is_new_pass(
    module: ModuleType, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amend_notice, "amend", lambda notice, org, now: calls.append((notice, org, now)))
    marked = {"M": {**URGENT["about"]["M"], "outdated_at": {"S": "2026-11-21T09:00:00Z"}}}
    out = record("out", 1, about=marked, state={"S": "sent"})
    invoke(module, out, record("n1", 2, **NOT_URGENT), record("u1", 3, **URGENT))
    assert [notice for notice, _, _ in calls] == ["u1", "out", "n1"]


def test_what_failed_is_reported_in_the_order_of_the_stream(module: ModuleType, calls: Calls) -> None:
    """The stream goes on behind the lowest number: whoever reads only the first one reads the right one."""
    batch = [record("n1", 1), stream_record(2, {}), record("n3", 3), record("broken", 4, **URGENT)]
    assert invoke(module, *batch) == ["2", "4"]
    assert [notice for notice, _, _ in calls] == ["n1", "n3"]


@pytest.mark.usefixtures("workplace")
def test_a_batch_that_comes_again_since_one_failed_sends_nothing_twice(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was urgent went out before the one that failed, although it came after it."""
    now = datetime.now(UTC)
    connection()
    mapping.loan_item(ORG, a_loan(due_at=now - timedelta(hours=2))).save()
    item = mapping.notice_item(ORG, a_notice(due_at=now, urgent=True))
    item.save()
    sent: list[str] = []
    monkeypatch.setattr(slack, "send", lambda where, *_, **__: sent.append(where))
    batch = [stream_record(1, {}), stream_record(2, item.to_dynamodb_dict())]
    assert invoke(module, *batch) == ["1"]
    assert invoke(module, *batch) == ["1"]
    assert sent == ["U0MAYA"]


def test_a_notice_that_breaks_the_flow_fails_alone(module: ModuleType, calls: Calls) -> None:
    assert invoke(module, record("n1", 1), record("broken", 2), record("n3", 3)) == ["2"]
    assert [notice for notice, _, _ in calls] == ["n1", "n3"]


def test_a_batch_of_nothing_but_failures_is_reported_not_raised(module: ModuleType, calls: Calls) -> None:
    assert invoke(module, record("broken", 1), stream_record(2, {})) == ["1", "2"]
    assert calls == []


def test_why_it_failed_is_told_without_the_errors_text(
    module: ModuleType, calls: Calls, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("ERROR"):
        invoke(module, record("broken", 7))
    line = vars(caplog.records[-1])
    assert (line["op"], line["outcome"], line["code"]) == ("7", "failed", "RuntimeError")
    assert line["where"].startswith("deliver:")
    out = capsys.readouterr().out
    assert '"FailedRecords"' in out
    assert "maya@" not in f"{line}{out}"
    assert calls == []


def test_a_removed_notice_is_nothing_to_do(module: ModuleType, calls: Calls) -> None:
    assert invoke(module, stream_record(1, None)) == []
    assert calls == []


def test_now_is_the_clock(module: ModuleType, calls: Calls) -> None:
    before = datetime.now(UTC)
    invoke(module, record("n1", wake={"S": "2020-01-01T00:00:00.000Z"}))
    assert before <= calls[0][2] <= datetime.now(UTC)


def test_the_sweepers_moment_moves_it_ahead(module: ModuleType, calls: Calls) -> None:
    invoke(module, record("n1", wake={"S": "2999-01-01T00:00:00.000Z"}))
    assert calls[0][2] == datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(), FALLBACK)
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA"))
        yield


@pytest.mark.usefixtures("workplace")
def test_an_item_as_it_lies_in_the_table_is_delivered(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    connection()
    mapping.loan_item(ORG, a_loan(due_at=now - timedelta(hours=2))).save()
    item = mapping.notice_item(ORG, a_notice(due_at=now))
    item.save()
    sent: list[str] = []
    monkeypatch.setattr(slack, "send", lambda where, *_, **__: sent.append(where))
    event = stream_record(1, item.to_dynamodb_dict())
    assert invoke(module, event, event) == []
    assert sent == ["U0MAYA"]
