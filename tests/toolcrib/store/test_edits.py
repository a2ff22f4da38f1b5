"""An edit is made once for its operation, or somebody else was first (safety.md, I5)."""

from collections.abc import Iterator
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from tests.support.dynamo import Dynamo, Refused
from tests.support.http import tables_at_hand
from tests.support.workplace import CREW, NOW, ORG, person
from toolcrib.domain.people import Group
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store.edits import done
from toolcrib.store.people import add_person, describe_person, load_person
from toolcrib.store.rulebook import read_stamp
from toolcrib.store.rules import load_rule, save_rule


@pytest.fixture
def dynamo() -> Iterator[Dynamo]:
    with tables_at_hand() as found:
        yield found


def test_a_repeat_of_the_operation_is_success_and_writes_nothing(dynamo: Dynamo) -> None:
    add_person(ORG, "op-1", NOW, person())
    before = dynamo.snapshot()
    add_person(ORG, "op-1", NOW, person(name="Other"))
    assert dynamo.snapshot() == before


def test_another_operation_on_the_same_version_has_lost(dynamo: Dynamo) -> None:
    add_person(ORG, "op-1", NOW, person())
    describe_person(ORG, "op-2", NOW, person(name="Second", version=2))
    for lost in (person(name="Third", version=2), person(name="Skip", version=4)):
        with pytest.raises(LostRace):
            describe_person(ORG, "op-3", NOW, lost)
    with pytest.raises(LostRace):
        add_person(ORG, "op-4", NOW, person())
    assert load_person(ORG, "p-1").name == "Second"
    assert [done(ORG, op) for op in ("op-1", "op-2", "op-3", "op-4")] == [True, True, False, False]


def test_a_rule_and_its_stamp_are_written_together_or_not_at_all(dynamo: Dynamo) -> None:
    save_rule(ORG, "op-1", NOW, CREW, stamp=0)
    assert read_stamp(ORG) == 1
    for lost in (replace(CREW, name="New"), replace(CREW, name="New", revision=3)):
        with pytest.raises(LostRace):
            save_rule(ORG, "op-2", NOW, lost)
    with pytest.raises(LostRace):
        save_rule(ORG, "op-3", NOW, replace(CREW, name="New", revision=2), stamp=0)
    assert (read_stamp(ORG), load_rule(ORG, Group, "crew")) == (1, CREW)
    save_rule(ORG, "op-4", NOW, replace(CREW, name="New", revision=2), stamp=1)
    assert (read_stamp(ORG), load_rule(ORG, Group, "crew").name) == (2, "New")


def test_contention_is_waited_for_and_anything_else_is_not(dynamo: Dynamo) -> None:
    def contend(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and (code := reasons.pop() if reasons else None):
            raise Refused(operation, "TransactionCanceledException", code, [code])

    reasons = ["TransactionConflict", "TransactionConflict"]
    dynamo.before.append(contend)
    add_person(ORG, "op-1", NOW, person())
    reasons[:] = ["ValidationError"]
    with pytest.raises(PynamoDBException):
        add_person(ORG, "op-2", NOW, person(2))
    assert not done(ORG, "op-2")
