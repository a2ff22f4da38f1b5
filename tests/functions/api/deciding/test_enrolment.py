"""What enrolling and revoking make of a bank and its doors, and what a grant that was given up comes to."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.deciding.enrolment import enrolled, given_up, revoked
from tests.support.certificates import certified
from tests.support.workplace import NOW, bank
from toolcrib.domain.doors import Bank, BankState, Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict

CONTENT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)


def grant(state: GrantState = GrantState.ISSUED) -> Grant:
    later = NOW + timedelta(seconds=30)
    return Grant(
        id="g-1", purpose=Purpose.TAKE, state=state, person="p-1", asset="drill-1", authorised_at=NOW, expires_at=later
    )


def door(number: int, **more: Any) -> Door:
    return Door(**{"bank": "hq-01", "number": number, "contents": (CONTENT,), "version": 4, **more})


def with_doors(*doors: Door, **more: Any) -> Bank:
    return replace(bank(**more), doors=doors)


def test_enrolling_begins_a_generation_and_forgets_the_old_controllers_numbers() -> None:
    before = with_doors(door(1), door(2, seqs=((1, 7),)), state=BankState.PLANNED, generation=0)
    change = enrolled(before, certified("arn:new"), op="op", at=NOW)
    (edit,), (forgotten,) = change.banks, change.doors
    now = edit.bank
    assert (now.state, now.generation, now.certificate, now.revision) == (BankState.ACTIVE, 1, "arn:new", 2)
    assert edit.anew
    assert (forgotten.number, forgotten.seqs, forgotten.version) == (2, (), 5)


@pytest.mark.parametrize("state", [GrantState.ISSUED, GrantState.OPENED])
@pytest.mark.parametrize("ending", ["enrol", "revoke"])
def test_a_live_grant_ends_with_its_generation_as_unresolved(state: GrantState, ending: str) -> None:
    before = with_doors(door(1, grant=grant(state)))
    change = (
        revoked(before, op="op", at=NOW) if ending == "revoke" else enrolled(before, certified("arn"), op="op", at=NOW)
    )
    (ended,) = change.doors
    assert ended.grant is not None
    assert (ended.grant.state, ended.grant.over_at, ended.busy, ended.version) == (GrantState.UNRESOLVED, NOW, False, 5)
    assert ended.unlendable in {"bank_revoked", "unresolved"}
    assert given_up(replace(before, doors=change.doors)) == change.doors


def test_revoking_closes_every_door_to_lending_and_keeps_what_lies_inside() -> None:
    change = revoked(with_doors(door(1), door(2, contents=()), door(3, unlendable="unresolved")), op="op", at=NOW)
    assert change.banks[0].bank.state is BankState.REVOKED
    assert [one.unlendable for one in change.doors] == ["bank_revoked"] * 3
    assert [len(one.contents) for one in change.doors] == [1, 0, 1]


@pytest.mark.parametrize("reason", ["quarantined", "in_repair"])
def test_a_reason_that_looking_inside_does_not_lift_outlives_a_revocation(reason: str) -> None:
    (one,) = revoked(with_doors(door(1, unlendable=reason)), op="op", at=NOW).doors
    assert one.unlendable == reason


def test_enrolling_again_does_not_open_the_doors_to_lending() -> None:
    shut = door(1, unlendable="bank_revoked")
    change = enrolled(with_doors(shut, state=BankState.REVOKED), certified("arn"), op="op", at=NOW)
    assert (change.banks[0].bank.state, change.doors) == (BankState.ACTIVE, ())


def test_revoking_again_changes_nothing_and_what_was_never_enrolled_cannot_be_revoked() -> None:
    again = revoked(with_doors(door(1), state=BankState.REVOKED), op="op", at=NOW)
    assert (again.banks, again.doors) == ((), ())
    with pytest.raises(Conflict) as refused:
        revoked(with_doors(state=BankState.PLANNED), op="op", at=NOW)
    assert refused.value.code == "not_enrolled"


def test_a_grant_that_is_over_is_nobodys_doubt() -> None:
    change = revoked(with_doors(door(1, grant=grant(GrantState.USED))), op="op", at=NOW)
    assert change.doors[0].grant == grant(GrantState.USED)
    assert given_up(replace(bank(), doors=change.doors)) == ()
