"""Putting anchors: once, whatever becomes of the answer."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from tests.support.aws.cloud import Cloud, Proceed
from tests.support.aws.http import Asked
from tests.support.aws.workplace import workplace
from toolcrib.domain.anchoring import Manifest
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store import anchors

PART = Manifest(
    org="acme", at=datetime(2026, 11, 20, tzinfo=UTC), series="2026-11-20", part=1, last=True, heads={}, previous=""
)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with workplace() as (_, cloud):
        yield cloud


def test_a_part_whose_answer_was_lost_is_ours_when_it_is_put_again(cloud: Cloud) -> None:
    tries: list[str] = []

    def lose_the_first_answer(asked: Asked, proceed: Proceed) -> AWSResponse:
        done = proceed()
        tries.append(asked.operation)
        if len(tries) == 1:
            raise ReadTimeoutError(endpoint_url=asked.request.url)
        return done

    cloud.around = lose_the_first_answer
    assert anchors.put(PART) == anchors.put(PART)
    assert tries[:3] == ["PutObject", "PutObject", "GetObject"]


def test_a_part_of_another_run_is_a_lost_race(cloud: Cloud) -> None:
    anchors.put(replace(PART, heads={"drill-1": (1, "00")}))
    with pytest.raises(LostRace, match="another run"):
        anchors.put(PART)
