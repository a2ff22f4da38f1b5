"""How long a certificate is good, when it is renewed, and when somebody is told that it was not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.certificates import certified
from tests.support.workplace import NOW, bank
from toolcrib.domain.certifying import late, offered, taken_up
from toolcrib.domain.doors import BankState

PRESENT, NEXT = certified("arn:cert/a"), certified("arn:cert/b")
OURS = bank(certificate=PRESENT.arn, certified=PRESENT)


@given(st.floats(0.01, 12_000))
def test_a_renewal_is_late_after_it_was_due_and_before_the_certificate_ends(days: float) -> None:
    mine = certified("arn", days=days)
    assert mine.since < mine.due_at < mine.late_at < mine.until
    assert mine.due_at <= mine.since + timedelta(days=365)


@pytest.mark.parametrize(("days", "due", "told"), [(90, 60, 75), (8_000, 365, 395), (300, 200, 230)])
def test_the_calendar(days: float, due: float, told: float) -> None:
    mine = certified("arn", days=days)
    assert ((mine.due_at - NOW) / timedelta(days=1), (mine.late_at - NOW) / timedelta(days=1)) == (due, told)


def test_only_a_bank_in_service_whose_life_is_known_is_late() -> None:
    when = PRESENT.late_at
    assert late(OURS, when)
    assert not late(OURS, when - timedelta(seconds=1))
    assert not late(bank(certificate=PRESENT.arn), when)
    for state in (BankState.PLANNED, BankState.REVOKED):
        assert not late(bank(state=state, certified=PRESENT), when)


@pytest.mark.parametrize("state", [BankState.PLANNED, BankState.REVOKED])
def test_a_bank_that_is_not_in_service_neither_renews_nor_changes_over(state: BankState) -> None:
    out = bank(state=state, certificate=PRESENT.arn, renewal=NEXT)
    assert offered(out, certified("arn:cert/c"), by=PRESENT.arn, op="op", at=NOW) is None
    assert taken_up(out, "b", op="op", at=NOW) is None


@pytest.mark.parametrize("used", ["a", "c", "", "cert/b", "x/b"])
def test_only_the_next_certificate_changes_over(used: str) -> None:
    renewing = bank(certificate=PRESENT.arn, certified=PRESENT, renewal=NEXT)
    assert taken_up(renewing, used, op="op", at=NOW) is None
    changed = taken_up(renewing, "b", op="op", at=NOW)
    assert changed is not None
    assert changed.banks[0].bank.certificates == (NEXT.arn,)


def test_a_revoked_bank_may_show_no_certificate() -> None:
    assert bank(certificate="a", renewal=NEXT).certificates == ("a", NEXT.arn)
    assert bank(state=BankState.REVOKED, certificate="a", renewal=NEXT).certificates == ()
