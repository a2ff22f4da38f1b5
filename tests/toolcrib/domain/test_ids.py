"""Derived ids: the same cause gives the same id, another never does, and a grant leads to its loan."""

import re

from hypothesis import given
from hypothesis import strategies as st

from toolcrib.domain.ids import derived, last_seen, loan_of, return_grant, service_grant, take_grant


def test_the_same_cause_gives_the_same_id_and_any_other_another() -> None:
    causes = [("a", "bc"), ("ab", "c"), ("a", "b", "c"), ("abc",), ("a", "bc", "")]
    assert len({derived(*cause) for cause in causes}) == len(causes)
    assert derived("a", "bc") == derived("a", "bc")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_an_id_is_26_letters_and_digits_whatever_the_cause(cause: list[str]) -> None:
    assert re.fullmatch("[a-z2-7]{26}", derived(*cause))


def test_a_grant_leads_to_the_loan_it_began_or_means_to_close() -> None:
    take = take_grant("acme", "hq-01", "01J")
    assert loan_of(take) == take
    assert loan_of(return_grant("acme", "hq-01", "01K", take)) == take
    assert loan_of(return_grant("acme", "hq-01", "01K", None)) is None
    assert loan_of(service_grant("acme", "hq-01", "key")) is None
    assert loan_of(last_seen("drill-1")) is None


def test_org_bank_and_upload_each_make_another_grant() -> None:
    made = {take_grant(*parts) for parts in (("a", "b", "c"), ("x", "b", "c"), ("a", "x", "c"), ("a", "b", "x"))}
    made |= {return_grant("a", "b", "c", None), return_grant("a", "b", "c", "l"), service_grant("a", "b", "c")}
    assert len(made) == 7


def test_every_grant_is_short_enough_for_the_wire() -> None:
    take = take_grant("o" * 31, "b" * 64, "0" * 26)
    for grant in (
        take,
        return_grant("o", "b", "u", take),
        return_grant("o", "b", "u", None),
        service_grant("o", "b", "k"),
    ):
        assert re.fullmatch("[A-Za-z0-9._-]{1,64}", grant)
