"""Every call to DynamoDB fails once, in every way; what is sent again comes to what it would have come to (I5, I11)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.support.banks import FakeBank, Upload
from tests.support.faults import BEFORE, FAULTS, Killed, failing
from tests.support.orders import record_now
from tests.support.outcomes import TAG, beside, lend, stage
from tests.support.workplace import OTHER_TOKEN, drill, person
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.store.errors import StoreError

Scene = Callable[[World], tuple[FakeBank, Upload]]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with patch("tenacity.nap.time.sleep"):
        yield


def opened(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(hq.tap(), "opened", opened_ms=0)


def taken(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(hq.tap(), "closed", tags=[])


def wrong_thing(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here, capacity=2)
    beside(here, drill(2))
    return hq, hq.saw(hq.tap(), "closed", tags=[TAG])


def returned(here: World) -> tuple[FakeBank, Upload]:
    hq, _ = lend(here)
    return hq, hq.saw(hq.tap(), "closed", tags=[TAG])


def jammed(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(hq.tap(), "jammed")


def left_open(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(hq.tap(), "left_open")


def forced(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(None, "forced", door=1)


def late(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    here.later(minutes=11)
    here.sweep()
    return hq, report


def status(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    hq.tap()
    here.later(minutes=1)
    return hq, hq.status({1: "closed", 2: "closed"}, {1: [TAG], 2: ["E2009999"]}, journal_depth=0)


def alarm(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.report("alarm", kind="tamper")


def fault(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.report("fault", severity="critical", door=1, text="hinge is loose")


def unknown_door(here: World) -> tuple[FakeBank, Upload]:
    hq = stage(here)
    return hq, hq.saw(None, "forced", door=9)


REPORTS: list[Scene] = [
    opened,
    taken,
    wrong_thing,
    returned,
    jammed,
    left_open,
    forced,
    late,
    status,
    alarm,
    fault,
    unknown_door,
]


@pytest.mark.parametrize("scene", REPORTS, ids=lambda scene: scene.__name__)
def test_a_report_whose_handling_broke_off_anywhere_is_sent_again_and_ends_right(here: World, scene: Scene) -> None:
    hq, report = scene(here)
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    here.dynamo.calls.clear()
    hq.repeat(report)
    calls, right = len(here.dynamo.calls), record_now(here)
    for at in range(calls):
        for how in FAULTS:
            here.dynamo.restore(before)
            with failing(here.dynamo, how, at), suppress(Killed, StoreError):
                hq.repeat(report)
            heard = hq.repeat(report)
            assert [each.kind for each in heard][:1] == ["ack"], f"{how}, call {at}"
            assert record_now(here) == right, f"{how}, call {at}"


@pytest.mark.parametrize("scene", REPORTS, ids=lambda scene: scene.__name__)
def test_a_report_whose_acknowledgement_was_not_published_is_acknowledged_the_next_time(
    here: World, scene: Scene
) -> None:
    hq, report = scene(here)
    here.publish_fails = [EndpointConnectionError(endpoint_url="https://iot")]
    with pytest.raises(EndpointConnectionError):
        hq.repeat(report)
    right = record_now(here)
    assert [each.kind for each in hq.repeat(report)] == ["ack"]
    assert record_now(here) == right


def answers(hq: FakeBank, ask: Callable[[], Any]) -> Any:
    """Ask, and ask again like a person who got no answer; returns what was answered in the end."""
    for _ in range(3):
        try:
            return ask()
        except (Killed, StoreError, AssertionError):
            continue
    raise AssertionError(hq)


@pytest.mark.parametrize("purpose", ["take", "return"])
def test_a_tap_that_got_no_answer_is_tapped_again_and_opens_once(here: World, purpose: str) -> None:
    hq = stage(here) if purpose == "take" else lend(here)[0]
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    here.dynamo.calls.clear()
    hq.tap()
    for at in range(len(here.dynamo.calls)):
        for how in FAULTS:
            here.dynamo.restore(before)
            here.published.clear()
            with failing(here.dynamo, how, at):
                answer = answers(hq, hq.tap)
            assert answer.kind == "open", f"{how}, call {at}: {answer}"
            assert answer.claims["purpose"] == purpose
            assert {each.grant for each in here.published if each.kind == "open"} == {answer.grant}
            assert here.grant(answer.door).id == answer.grant
            assert here.how_many("LOAN") == 1


def test_the_winner_whose_answer_was_lost_is_not_told_that_somebody_else_was_quicker(here: World) -> None:
    hq = stage(here)
    assert here.dynamo is not None
    with failing(here.dynamo, "answer lost, sent again after ten minutes", at=3):
        answer = hq.tap()
    assert (answer.kind, here.grant().id) == ("open", answer.grant)


def test_a_command_that_was_not_published_is_signed_again_by_the_next_tap(here: World) -> None:
    hq = stage(here)
    here.publish_fails = [EndpointConnectionError(endpoint_url="https://iot")]
    with pytest.raises(EndpointConnectionError):
        hq.tap()
    committed = here.grant()
    assert hq.tap().grant == committed.id


def test_what_a_person_said_is_not_unsaid_by_a_lost_answer(here: World) -> None:
    hq = stage(here, "door_only", mode=Mode.KIOSK)
    taking = hq.tap()
    hq.does(taking, "closed")
    shown = hq.tap()
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    here.dynamo.calls.clear()
    assert hq.choose(shown, f"not_taken:{taking.grant}").code == "disowned"
    commits = [at for at, (name, _) in enumerate(here.dynamo.calls) if name == "TransactWriteItems"]
    here.dynamo.restore(before)
    with failing(here.dynamo, "answer lost, sent again after ten minutes", at=commits[-1]):
        assert hq.choose(shown, f"not_taken:{taking.grant}").code == "disowned"
    assert [str(event.move) for event in here.events()] == ["taken", "disown"]


def test_a_conflict_is_tried_again_with_the_same_token_and_the_same_body(here: World) -> None:
    hq = stage(here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    with failing(here.dynamo, "another transaction", at=2):
        hq.send(report)
    tried = [request for name, request in here.dynamo.calls if name == "TransactWriteItems"]
    assert len(tried) == 2
    assert tried[0] == tried[1]
    assert tried[0]["ClientRequestToken"]


def test_conflicts_without_end_are_given_up_after_a_few_tries_and_nothing_is_acknowledged(here: World) -> None:
    hq = stage(here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    here.dynamo.before.append(_always_in_conflict)
    with pytest.raises(StoreError):
        hq.repeat(report)
    here.dynamo.before.clear()
    assert 2 <= len([name for name, _ in here.dynamo.calls if name == "TransactWriteItems"]) <= 10
    assert here.asset().state == "stowed"
    hq.send()
    assert here.asset().state == "on_loan"


def test_whoever_lost_a_race_decides_again_on_what_is_on_record_now(here: World) -> None:
    """Between reading and committing a tap, the very thing it was about goes to somebody else."""
    hq = stage(here)
    here.meet(person(2), OTHER_TOKEN)
    assert here.dynamo is not None
    raced: list[Any] = []

    def sneak_in(operation: str, _request: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(None)
            raced[0] = hq.tap(OTHER_TOKEN)

    here.dynamo.before.append(sneak_in)
    answers_ = hq.world.deliver("tap", hq.tap_upload().event(here.now))
    here.dynamo.before.clear()
    mine = [each for each in answers_ if each.body["re"] != raced[0].body["re"]]
    assert [each.code for each in mine] == ["nothing_available"]
    assert here.grant().person == "p-2"


def _always_in_conflict(operation: str, request: dict[str, Any]) -> None:
    BEFORE["another transaction"](None, operation, request)  # type: ignore[arg-type]
