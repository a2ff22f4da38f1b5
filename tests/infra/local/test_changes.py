"""The stream, read as records: what was committed since the last look, and nothing else."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.cli.target import Target
from infra.local.changes import Changes
from tests.support import loans, workplace
from tests.support.tables import tables_in_memory
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.tables import connection


@pytest.fixture
def changes() -> Iterator[Changes]:
    with tables_in_memory():
        connection()
        mapping.loan_item(workplace.ORG, loans.taken(id="before")).save()
        yield Changes(Target(boto3.Session(region_name="us-east-1")), "state")


def read(changes: Changes) -> list[Any]:
    found = changes.read()
    assert found is not None
    return list(found)


def test_a_change_is_told_once_with_what_it_was_before(changes: Changes) -> None:
    pending = loans.taken(state=LoanState.PENDING)
    mapping.loan_item(workplace.ORG, pending).save()
    mapping.loan_item(workplace.ORG, loans.taken()).save()
    created, opened = read(changes)
    assert (created.before, created.after) == (None, pending)
    assert (opened.before, opened.after) == (pending, loans.taken())
    assert read(changes) == []


def test_what_happened_before_is_not_told(changes: Changes) -> None:
    assert read(changes) == []


def test_only_loans_cases_and_notices_are_told(changes: Changes) -> None:
    workplace.put_person(workplace.person(1), workplace.TOKEN)
    item = mapping.loan_item(workplace.ORG, loans.taken())
    item.save()
    item.delete()
    assert [type(changed.after) for changed in read(changes)] == [Loan]


def test_a_place_in_the_stream_that_ran_out_is_found_anew(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = changes._streams

    def expired(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": "ExpiredIteratorException"}}, "GetRecords")

    with monkeypatch.context() as once:
        once.setattr(streams, "get_records", expired)
        assert read(changes) == []
    read(changes)
    mapping.loan_item(workplace.ORG, replace(loans.taken(), id="after")).save()
    assert [changed.after.id for changed in read(changes)] == ["after"]


def test_a_stack_that_stopped_ends_it(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(changes._streams, "get_records", gone)
    assert changes.read() is None
