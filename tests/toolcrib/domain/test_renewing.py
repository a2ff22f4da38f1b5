"""When a loan may be kept longer, and until when (rules.md, *Renewals, recall*): each limit from both sides."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import book
from tests.support.loans import taken
from tests.support.workplace import NOW, drill, person, site
from toolcrib.domain import renewing
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.loans import Loan, LoanState, Recalled
from toolcrib.domain.policies import Closed, Curfew, Hours, Period, Renewals, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, Refusal
from toolcrib.domain.renewing import Renewal, earliest, renewed
from toolcrib.domain.rules import Row

HOUR, SECOND, DAY = timedelta(hours=1), timedelta(seconds=1), timedelta(days=1)
DUE = NOW + 8 * HOUR
HQ = site()


def loan(**more: Any) -> Loan:
    terms = {"policy": "p", "period": Period(after=8 * HOUR), "renewals": Renewals(max=2, window=2 * HOUR)}
    return taken(**{"terms": Terms(**{**terms, **more.pop("terms", {})}), **more})


def renew(of: Loan, at: datetime = DUE, *, place: Any = HQ, **who: Any) -> Loan:
    return renewed(
        Renewal(loan=of, person=person(**who), asset=drill(), at=at), book(sites={"hq": place, place.id: place})
    )


def why_not(of: Loan, at: datetime = DUE, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        renew(of, at, **more)
    return refused.value


def test_it_is_due_one_more_period_after_it_was_due() -> None:
    longer = renew(loan(), at=DUE - HOUR)
    assert (longer.due_at, longer.due_why) == (DUE + 8 * HOUR, "loan_period")
    assert (longer.renewals, longer.due_version, longer.version) == (1, 2, 1)


def test_reminders_begin_anew_and_nothing_that_would_have_fired_by_now_does() -> None:
    ladder = (Step(offset=-HOUR, to=To.HOLDER, via=Via.SLACK), Step(offset=HOUR, to=To.HOLDER, via=Via.SLACK))
    longer = renew(loan(terms={"ladder": ladder}, noted_until=DUE), at=DUE + HOUR)
    assert longer.noted_until == DUE + HOUR
    assert longer.next_step == DUE + 7 * HOUR


@pytest.mark.parametrize(("before", "allowed"), [(2 * HOUR + SECOND, False), (2 * HOUR, True), (timedelta(), True)])
def test_not_earlier_than_the_window_before_it_is_due(before: timedelta, allowed: bool) -> None:
    if allowed:
        assert renew(loan(), at=DUE - before).renewals == 1
    else:
        refused = why_not(loan(), at=DUE - before)
        assert (refused.code, refused.says) == ("not_renewable", "not_renewable.too_early")
        assert refused.facts == {"from": DUE - 2 * HOUR}


def test_without_a_window_at_any_time() -> None:
    assert renew(loan(terms={"renewals": Renewals(max=1)}), at=NOW).due_at == DUE + 8 * HOUR


@pytest.mark.parametrize(("already", "allowed"), [(0, True), (1, True), (2, False), (3, False)])
def test_as_often_as_the_terms_say(already: int, allowed: bool) -> None:
    if allowed:
        assert renew(loan(renewals=already)).renewals == already + 1
    else:
        refused = why_not(loan(renewals=already))
        assert (refused.says, refused.facts) == ("not_renewable.too_often", {"most": 2})


def test_by_default_not_at_all() -> None:
    assert why_not(loan(terms={"renewals": Renewals()})).says == "not_renewable.too_often"
    assert earliest(loan(terms={"renewals": Renewals()})) is None


def test_what_was_called_back_is_not_renewed() -> None:
    back = Recalled(at=NOW, by="boss", due_before=DUE)
    assert why_not(loan(recalled=back)).says == "not_renewable.recalled"
    assert earliest(loan(recalled=back)) is None


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_only_an_open_loan(state: LoanState) -> None:
    with pytest.raises(Conflict) as refused:
        renew(loan(state=state))
    assert refused.value.code == "not_open"


def test_an_overdue_loan_may_be_renewed_as_long_as_that_leads_ahead() -> None:
    assert renew(loan(), at=DUE + 8 * HOUR - SECOND).due_at == DUE + 8 * HOUR
    assert why_not(loan(), at=DUE + 8 * HOUR).says == "not_renewable.not_later"


@pytest.mark.parametrize(
    ("until", "due_at"), [(DUE, None), (DUE + SECOND, DUE + SECOND), (DUE + 9 * HOUR, DUE + 8 * HOUR)]
)
def test_the_persons_own_end_is_a_hard_limit(until: datetime, due_at: datetime | None) -> None:
    if due_at is None:
        assert why_not(loan(), at=DUE - HOUR, valid_until=until).says == "not_renewable.not_later"
    else:
        longer = renew(loan(), at=DUE - HOUR, valid_until=until)
        assert (longer.due_at, longer.valid_until) == (due_at, until)


@pytest.mark.parametrize(
    ("after", "due_at"), [(8 * HOUR, None), (8 * HOUR + SECOND, DUE + SECOND), (17 * HOUR, DUE + 8 * HOUR)]
)
def test_a_curfew_counts_from_the_taking_not_from_the_renewal(after: timedelta, due_at: datetime | None) -> None:
    of = loan(terms={"curfew": Curfew(after=after)})
    if due_at is None:
        assert why_not(of).says == "not_renewable.not_later"
    else:
        assert renew(of).due_at == due_at


def test_a_curfew_by_the_clock_is_that_of_the_day_it_was_taken() -> None:
    of = loan(terms={"curfew": Curfew(at=time(20))})  # taken at ten in Berlin, due at six
    assert renew(of).due_at == datetime(2026, 11, 20, 19, tzinfo=UTC)
    assert why_not(replace(of, due_at=datetime(2026, 11, 20, 19, tzinfo=UTC))).says == "not_renewable.not_later"


WEEKDAYS = {str(day): (Hours(opens=time(8), closes=time(18)),) for day in range(1, 6)}


@pytest.mark.parametrize(
    ("closed", "due_at"),
    [
        (Closed.KEEP, datetime(2026, 11, 21, 1, tzinfo=UTC)),
        (Closed.START_OF_NEXT_OPEN, datetime(2026, 11, 23, 7, tzinfo=UTC)),
        (Closed.END_OF_PREVIOUS_OPEN, datetime(2026, 11, 23, 7, tzinfo=UTC)),  # Friday at six is when it was due
    ],
)
def test_closed_days_move_the_new_end(closed: Closed, due_at: datetime) -> None:
    of = loan(terms={"closed": closed}, due_at=datetime(2026, 11, 20, 17, tzinfo=UTC))
    assert renew(of, at=of.due_at, place=site(opening_hours=WEEKDAYS)).due_at == due_at


@pytest.mark.parametrize(
    ("row", "code", "against"),
    [
        (Row.PERSON, "person_frozen", True),
        (Row.BLOCKS, "blocked", True),
        (Row.RESERVATION, "reserved", True),
        (Row.QUEUE, "held_for_other", True),
        (Row.CONDITION, "service_due", True),
        (Row.CONDITION, "charge_low", False),
        (Row.ALLOWANCE, "allowance_reached", False),
        (Row.ACCESS, "no_access", False),
    ],
)
def test_what_stands_against_a_take_and_also_against_keeping_it(
    monkeypatch: pytest.MonkeyPatch, row: Row, code: str, against: bool
) -> None:
    finding = Finding(code=code, detail="so it is", says=f"{code}.why")
    passes = {each: lambda *_: Finding(detail="fine") for each in Row}
    monkeypatch.setattr(renewing, "RIGHTS", passes | {row: lambda *_: finding})
    if against:
        refused = why_not(loan())
        assert (refused.code, refused.says, refused.detail) == (code, f"{code}.why", "so it is")
    else:
        assert renew(loan()).renewals == 1


def test_a_frozen_person_keeps_nothing_longer() -> None:
    assert why_not(loan(), active=False).code == "person_frozen"


MINUTES = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
PERIODS = st.one_of(
    st.integers(1, 60 * 24 * 40).map(lambda minutes: Period(after=timedelta(minutes=minutes))),
    st.times().map(lambda clock: Period(until=clock.replace(second=0, microsecond=0))),
    st.just(Period(end_of_shift=True)),
)
CURFEWS = st.one_of(st.just(Curfew()), MINUTES.map(lambda after: Curfew(after=after + SECOND)))


@given(
    st.data(),
    PERIODS,
    CURFEWS,
    st.sampled_from(list(Closed)),
    MINUTES,
    st.one_of(st.none(), MINUTES),
    st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "UTC"]),
)
def test_renewing_never_shortens_and_never_passes_a_hard_limit(
    data: st.DataObject,
    period: Period,
    curfew: Curfew,
    closed: Closed,
    later: timedelta,
    until: timedelta | None,
    zone: str,
) -> None:
    of = loan(terms={"period": period, "curfew": curfew, "closed": closed, "renewals": Renewals(max=3)})
    place = site(time_zone=zone, opening_hours=data.draw(st.sampled_from([{}, WEEKDAYS])))
    valid_until = None if until is None else NOW + later + until + SECOND
    with suppress(Refusal):
        longer = renew(of, at=NOW + later, place=place, valid_until=valid_until)
        assert longer.due_at > max(of.due_at, NOW + later)
        assert valid_until is None or longer.due_at <= valid_until
        assert curfew.after is None or longer.due_at <= NOW + curfew.after
