"""Calling a loan back: sooner, with notice, once, never later than it was due (rules.md, *Renewals, recall*)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.loans import taken
from tests.support.workplace import NOW, site
from toolcrib.domain.calendars import is_open, next_open
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Hours, Period, Recall, Step, Terms, To, Via
from toolcrib.domain.recalling import recalled, told
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict

HOUR, SECOND, DAY = timedelta(hours=1), timedelta(seconds=1), timedelta(days=1)
DUE = NOW + 10 * DAY
HQ = site()
WEEKDAYS = {str(day): (Hours(opens=time(8), closes=time(18)),) for day in range(1, 6)}


def loan(*, notice: timedelta = DAY, minimum: timedelta = timedelta(), **more: Any) -> Loan:
    recall = Recall(notice=notice, guaranteed_minimum=minimum)
    terms = {"policy": "p", "period": Period(after=10 * DAY), "recall": recall}
    return taken(**{"due_at": DUE, "terms": Terms(**{**terms, **more.pop("terms", {})}), **more})


def call_back(of: Loan, at: datetime = NOW + HOUR, *, place: Any = HQ, **more: Any) -> Loan:
    return recalled(of, place, at, by="boss", **more)


@pytest.mark.parametrize(
    ("notice", "minimum", "due_at"),
    [
        (DAY, timedelta(), NOW + HOUR + DAY),
        (DAY, DAY + HOUR - SECOND, NOW + HOUR + DAY),
        (DAY, DAY + HOUR, NOW + HOUR + DAY),
        (DAY, DAY + HOUR + SECOND, NOW + HOUR + DAY + SECOND),
        (10 * DAY - HOUR - SECOND, timedelta(), DUE - SECOND),
        (10 * DAY - HOUR, timedelta(), DUE),
        (20 * DAY, timedelta(), DUE),
        (timedelta(), 20 * DAY, DUE),
        (timedelta(), timedelta(), NOW + HOUR),
    ],
)
def test_it_is_due_after_notice_and_the_guaranteed_minimum_never_later_than_before(
    notice: timedelta, minimum: timedelta, due_at: datetime
) -> None:
    sooner = call_back(loan(notice=notice, minimum=minimum))
    assert sooner.due_at == due_at
    assert sooner.due_version == (1 if due_at == DUE else 2)
    assert sooner.due_why == ("loan_period" if due_at == DUE else "recall")


def test_who_called_it_back_when_and_why_stands_on_it() -> None:
    sooner = call_back(loan(), reason="needed at the dock")
    assert sooner.recalled is not None
    assert (sooner.recalled.by, sooner.recalled.reason) == ("boss", "needed at the dock")
    assert (sooner.recalled.at, sooner.recalled.due_before) == (NOW + HOUR, DUE)


def test_once_a_loan() -> None:
    with pytest.raises(Conflict) as refused:
        call_back(call_back(loan()))
    assert refused.value.code == "already_recalled"


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_only_an_open_loan(state: LoanState) -> None:
    with pytest.raises(Conflict) as refused:
        call_back(loan(state=state))
    assert refused.value.code == "not_open"


def test_it_is_due_when_the_site_opens_next() -> None:
    on_saturday = call_back(loan(), at=NOW + timedelta(hours=5), place=site(opening_hours=WEEKDAYS))
    assert on_saturday.due_at == NOW + timedelta(days=3) - 2 * HOUR  # Monday at eight in Berlin
    closing = NOW + 8 * HOUR  # Friday at six: by then nobody can bring anything
    assert call_back(loan(), at=closing - DAY, place=site(opening_hours=WEEKDAYS)).due_at == on_saturday.due_at
    in_time = call_back(loan(), at=closing - DAY - SECOND, place=site(opening_hours=WEEKDAYS))
    assert in_time.due_at == closing - SECOND


def test_a_site_that_does_not_open_any_more_leaves_it_as_it_was() -> None:
    never = site(opening_hours={"1": ()})
    assert call_back(loan(), place=never).due_at == DUE


def test_reminders_begin_anew_where_it_is_due_sooner_and_go_on_where_it_is_not() -> None:
    ladder = (Step(offset=-HOUR, to=To.HOLDER, via=Via.SLACK),)
    sooner = call_back(loan(terms={"ladder": ladder}, noted_until=NOW))
    assert (sooner.noted_until, sooner.next_step) == (NOW + HOUR, NOW + DAY)
    assert call_back(loan(notice=20 * DAY, noted_until=NOW)).noted_until == NOW


def test_the_holder_is_told_of_the_due_time_that_counts_now() -> None:
    sooner = call_back(loan())
    (notice,) = told(sooner, NOW + HOUR)
    assert (notice.to, notice.recipient, notice.step, notice.due_version) == (To.HOLDER, "p-1", "recall", 2)
    assert (notice.via, notice.urgent, notice.due_at) == (Via.EMAIL, True, NOW + HOUR)
    assert told(sooner, NOW + 2 * HOUR)[0].id == notice.id


def test_the_holder_is_told_the_way_their_ladder_tells_them() -> None:
    ladder = (
        Step(offset=HOUR, to=To.SUPERVISOR, via=Via.EMAIL),
        Step(offset=HOUR, to=To.HOLDER, via=Via.SLACK),
    )
    assert told(call_back(loan(terms={"ladder": ladder})), NOW)[0].via is Via.SLACK


def test_who_took_it_for_another_is_told_too() -> None:
    assert [each.recipient for each in told(call_back(loan(by="p-2")), NOW)] == ["p-1", "p-2"]


LENGTHS = st.integers(0, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))


@given(LENGTHS, LENGTHS, LENGTHS, LENGTHS, st.sampled_from([{}, WEEKDAYS]))
def test_it_never_lengthens_and_keeps_the_notice_unless_it_was_due_sooner_anyway(
    notice: timedelta, minimum: timedelta, period: timedelta, later: timedelta, hours: Any
) -> None:
    of = replace(loan(notice=notice, minimum=minimum), due_at=NOW + period)
    place, at = site(opening_hours=hours), NOW + later
    sooner = call_back(of, at=at, place=place)
    assert sooner.due_at <= of.due_at
    if sooner.due_at < of.due_at:
        assert sooner.due_at >= max(at + notice, NOW + minimum)
        assert is_open(place, sooner.due_at)
        assert sooner.due_version == of.due_version + 1
    else:
        assert (next_open(place, max(at + notice, NOW + minimum)) or of.due_at) >= of.due_at
        assert sooner.due_version == of.due_version
