"""Whom each step tells, one record each, and which of those due at once is the one that is sent."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolcrib.domain.assets import AssetType
from toolcrib.domain.ladder import begin, occurrences_due
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Period, Repeat, Site, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.reminders import AT_ONCE, LATE_AFTER, OUTBOX_PATIENCE, Round, notices_due, recipients

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

TAKEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
DUE = TAKEN + timedelta(hours=4)
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
ANA = Person(id="ana", name="Ana", manager="max")
HQ = Site(id="hq", name="HQ", time_zone="UTC", supervisors=("sue", "tom", "sue"), channel="#crib")
DRILL = AssetType(id="drill", name="Drill", category="tools", owner="olga")
PENDING, SUPERSEDED = NoticeState.PENDING, NoticeState.SUPERSEDED


def step(offset: timedelta, to: To = To.HOLDER, via: Via = Via.SLACK, repeat: Repeat | None = None) -> Step:
    return Step(offset=offset, to=to, via=via, repeat=repeat)


def loan(*ladder: Step, **more: object) -> Loan:
    terms = Terms(policy="p", period=Period(after=4 * HOUR), ladder=ladder)
    out = Loan(
        **{
            "id": "l1",
            "asset": "a",
            "type": "drill",
            "person": "ana",
            "site": "hq",
            "bank": "hq-01",
            "door": 1,
            "state": LoanState.OPEN,
            "authorised_at": TAKEN,
            "taken_at": TAKEN,
            "due_at": DUE,
            "terms": terms,
            **more,
        }
    )  # type: ignore[arg-type]
    return begin(out, TAKEN)


def look(of: Loan, now: datetime, holder: Person = ANA, site: Site = HQ) -> Round:
    return notices_due(of, now, holder=holder, site=site, asset_type=DRILL)


def told(round_: Round) -> list[tuple[str, str, NoticeState]]:
    return [(each.recipient, each.step, each.state) for each in round_.notices]


def test_each_role_is_found_where_it_is_recorded() -> None:
    assert {to: recipients(to, ANA, HQ, DRILL) for to in To} == {
        To.HOLDER: ("ana",),
        To.SUPERVISOR: ("sue", "tom"),
        To.MANAGER: ("max",),
        To.OWNER: ("olga",),
        To.CHANNEL: ("#crib",),
    }


def test_where_nobody_is_named_nobody_is_told_and_the_ladder_goes_on() -> None:
    lonely = Person(id="ana", name="Ana")
    bare = Site(id="hq", name="HQ", time_zone="UTC")
    nobody = replace(DRILL, owner=None)
    for to in set(To) - {To.HOLDER}:
        assert recipients(to, lonely, bare, nobody) == ()
    out = look(loan(step(timedelta(), To.SUPERVISOR), step(HOUR)), DUE, site=bare)
    (noted,) = out.notices
    assert (noted.state, noted.last_error, noted.wake_at) == (NoticeState.GIVEN_UP, "nobody_to_tell", None)
    assert out.loan.next_step == DUE + HOUR


def test_without_a_manager_or_a_channel_nothing_is_missed() -> None:
    lonely, bare = Person(id="ana", name="Ana"), Site(id="hq", name="HQ", time_zone="UTC")
    rungs = [step(timedelta(), to) for to in (To.MANAGER, To.CHANNEL)]
    assert look(loan(*rungs), DUE, site=bare, holder=lonely).notices == ()


def test_a_notice_is_complete() -> None:
    rung = Step(offset=-30 * MINUTE, to=To.HOLDER, via=Via.EMAIL, urgent=True)
    now = DUE - 30 * MINUTE + SECOND
    (notice,) = look(loan(rung, due_version=3), now).notices
    assert notice == Notice(
        id=notice.id,
        loan="l1",
        site="hq",
        due_version=3,
        step="-PT30M",
        occurrence=0,
        to=To.HOLDER,
        recipient="ana",
        via=Via.EMAIL,
        state=PENDING,
        urgent=True,
        late=False,
        due_at=DUE - 30 * MINUTE,
        wake_at=now + OUTBOX_PATIENCE,
    )
    assert len(notice.id) == 26


def test_the_same_cause_has_the_same_id_and_every_other_cause_another() -> None:
    again = Repeat(every=HOUR, until=HOUR)
    ladder = (
        step(timedelta(), To.SUPERVISOR, repeat=again),
        step(timedelta(), To.SUPERVISOR, Via.EMAIL),
        step(timedelta()),
    )
    late = DUE + 5 * HOUR
    ids = [each.id for each in look(loan(*ladder), late).notices]
    assert ids == [each.id for each in look(loan(*ladder), late + HOUR).notices]
    ids += [each.id for each in look(loan(*ladder, due_version=2), late).notices]
    ids += [each.id for each in look(loan(*ladder, id="l2"), late).notices]
    assert len(ids) == len(set(ids)) == 3 * 7


@pytest.mark.parametrize("state", sorted(set(LoanState) - {LoanState.OPEN}))
def test_nobody_is_told_about_a_loan_that_is_not_open(state: LoanState) -> None:
    before = loan(step(timedelta()), state=state)
    assert look(before, DUE + HOUR) == Round(loan=before)


@pytest.mark.parametrize(("after", "late"), [(timedelta(), False), (LATE_AFTER, False), (LATE_AFTER + SECOND, True)])
def test_a_notice_is_late_when_its_moment_is_long_gone(after: timedelta, *, late: bool) -> None:
    (notice,) = look(loan(step(timedelta())), DUE + after).notices
    assert (notice.late, notice.state) == (late, PENDING)


def test_after_an_outage_each_person_gets_the_latest_only_marked_late() -> None:
    ladder = (step(-30 * MINUTE), step(timedelta()), step(HOUR), step(HOUR, To.SUPERVISOR), step(2 * HOUR, To.OWNER))
    out = look(loan(*ladder), DUE + HOUR + SECOND)
    assert told(out) == [
        ("ana", "-PT30M", SUPERSEDED),
        ("ana", "PT0S", SUPERSEDED),
        ("ana", "PT1H", PENDING),
        ("sue", "PT1H", PENDING),
        ("tom", "PT1H", PENDING),
    ]
    assert [each.late for each in out.notices[2:]] == [True, False, False]
    assert [each.wake_at is None for each in out.notices] == [True, True, False, False, False]
    assert out.loan.next_step == DUE + 2 * HOUR


def test_repeats_are_superseded_like_steps() -> None:
    nagging = step(timedelta(), To.MANAGER, repeat=Repeat(every=HOUR, until=3 * HOUR))
    out = look(loan(nagging), DUE + 2 * HOUR)
    assert [(each.occurrence, each.state) for each in out.notices] == [(0, SUPERSEDED), (1, SUPERSEDED), (2, PENDING)]


def test_one_person_in_two_roles_gets_the_latest_of_both() -> None:
    boss = replace(ANA, manager="sue")
    ladder = (step(timedelta(), To.SUPERVISOR), step(HOUR, To.MANAGER))
    out = look(loan(*ladder), DUE + HOUR, holder=boss)
    assert told(out) == [("sue", "PT0S", SUPERSEDED), ("tom", "PT0S", PENDING), ("sue", "PT1H", PENDING)]


def test_slack_and_mail_at_the_same_moment_are_both_sent() -> None:
    ladder = (step(timedelta()), step(HOUR), step(HOUR, via=Via.EMAIL))
    out = look(loan(*ladder), DUE + 2 * HOUR)
    assert [(each.step, each.via, each.state) for each in out.notices] == [
        ("PT0S", Via.SLACK, SUPERSEDED),
        ("PT1H", Via.SLACK, PENDING),
        ("PT1H", Via.EMAIL, PENDING),
    ]


def test_steps_that_grace_brings_together_are_said_once() -> None:
    terms = replace(loan(step(timedelta()), step(10 * MINUTE)).terms, grace=15 * MINUTE)
    out = look(loan(terms=terms), DUE + 15 * MINUTE)
    assert told(out) == [("ana", "PT0S", SUPERSEDED), ("ana", "PT10M", PENDING)]
    assert not any(each.late for each in out.notices)


def test_after_a_pause_the_holder_gets_the_latest_only() -> None:
    ladder = (step(timedelta(), repeat=Repeat(every=HOUR, until=5 * HOUR)), step(timedelta(), To.SUPERVISOR))
    held = loan(*ladder, paused_until=DUE + 3 * HOUR)
    first = look(held, DUE + 2 * HOUR)
    assert [each.recipient for each in first.notices] == ["sue", "tom"]
    second = look(first.loan, DUE + 3 * HOUR)
    assert [(each.recipient, each.state) for each in second.notices] == [("ana", SUPERSEDED)] * 3 + [("ana", PENDING)]
    assert [each.late for each in second.notices][-1]


def test_a_round_is_bounded_and_the_next_one_goes_on_where_it_stopped() -> None:
    nagging = loan(step(timedelta(), To.SUPERVISOR, repeat=Repeat(every=MINUTE, until=99 * MINUTE)))
    now, out, notices = DUE + timedelta(days=1), Round(loan=nagging), []
    rounds = 0
    while out.loan.next_step is not None:
        out = look(out.loan, now)
        assert 0 < len(out.notices) <= AT_ONCE
        notices += out.notices
        rounds += 1
    assert rounds == -(-200 // AT_ONCE)
    assert len({each.id for each in notices}) == len(notices) == 200
    assert Counter(each.recipient for each in notices if each.state is PENDING) == {"sue": 1, "tom": 1}


def test_one_moment_is_never_torn_apart() -> None:
    crowd = replace(HQ, supervisors=tuple(f"s{number}" for number in range(AT_ONCE + 5)))
    out = look(loan(step(timedelta(), To.SUPERVISOR), step(HOUR, To.SUPERVISOR)), DUE + 2 * HOUR, site=crowd)
    assert len(out.notices) == AT_ONCE + 5
    assert (out.loan.noted_until, out.loan.next_step) == (DUE, DUE + HOUR)


OFFSETS = st.integers(-5 * 60, 10 * 60).map(lambda minutes: minutes * MINUTE)
REPEATS = st.none() | st.builds(Repeat, every=st.integers(10, 300).map(lambda m: m * MINUTE), until=OFFSETS)
STEPS = st.builds(Step, offset=OFFSETS, to=st.sampled_from(To), via=st.sampled_from(Via), repeat=REPEATS)
MOMENTS = st.integers(-10, 30 * 60).map(lambda minutes: TAKEN + minutes * MINUTE)
END = TAKEN + timedelta(days=4)


@settings(STEADY, max_examples=100)
@given(st.lists(STEPS, max_size=5), st.lists(MOMENTS, max_size=10))
def test_whatever_the_sweeps_every_occurrence_has_one_record_for_each_recipient(
    ladder: list[Step], sweeps: list[datetime]
) -> None:
    out, notices = Round(loan=loan(*ladder)), []
    for now in sweeps:
        out = look(out.loan, now)
        notices += out.notices
        assert_one_word_each(out)
    while out.loan.next_step is not None:
        out = look(out.loan, END)
        notices += out.notices
    expected = [
        (each.moment, recipient)
        for each in occurrences_due(loan(*ladder), END)
        for recipient in recipients(ladder[each.step].to, ANA, HQ, DRILL)
    ]
    assert sorted((each.due_at, each.recipient) for each in notices) == sorted(expected)
    assert len({each.id for each in notices}) == len(notices)


def assert_one_word_each(out: Round) -> None:
    sent = [each for each in out.notices if each.state is PENDING]
    for recipient in {each.recipient for each in sent}:
        latest = max(each.due_at for each in out.notices if each.recipient == recipient)
        assert {each.due_at for each in sent if each.recipient == recipient} == {latest}
    assert max(Counter((each.recipient, each.via, each.to) for each in sent).values(), default=1) == 1
