"""Lost answers, conflicts, lost races: some of what the fault matrix (tests/proof/faults) tries, one by one (I5)."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.support.faults import BEFORE, failing
from tests.support.outcomes import stage
from tests.support.workplace import OTHER_TOKEN, person
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.store.errors import StoreError


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with patch("tenacity.nap.time.sleep"):
        yield


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
