"""Scenes of what time brings: things lost for good, rights that end, and lateness that is not their holder's."""

from datetime import timedelta

from tests.proof.faults.runs import Batch, LoanInTheStream, Run
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import TAG, beside, lend, stage
from tests.support.workplace import DRILL, FALLBACK, drill, person, rules
from toolcrib.domain.people import Certification
from toolcrib.domain.policies import Blocks, Period, Policy, Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.upkeep import Charging

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REMINDED = (Step(offset=2 * HOUR, to=To.HOLDER, via=Via.SLACK),)


def given_up_as_lost(at: Stage) -> Run:
    _lent(at, replace(FALLBACK, lost_after=3 * DAY))
    at.here.later(days=4)
    return Run("sweep")


CUSTODY = (given_up_as_lost,)


def a_time_here_ends(at: Stage) -> Run:
    _leaving(at)
    return Run("sweep")


def a_certification_ends(at: Stage) -> Run:
    at.here.site_has(supervisors=("p-9",))
    stage(at.here)
    ends = {name: Certification(valid_until=at.here.now + days * DAY) for name, days in (("crane", 30), ("saw", 6))}
    at.here.change_person(person(certifications=ends))
    at.here.later(minutes=5)
    return Run("sweep")


def somebody_hears_that_their_time_ends(at: Stage) -> Batch:
    _leaving(at)
    at.here.sweep()
    (notice,) = at.here.notices()
    return Batch(notice.id)


def a_silent_bank_excuses(at: Stage) -> Run:
    _late_by_its_bank(at)
    return Run("watch_banks")


def a_bank_that_is_heard_again_excuses(at: Stage) -> Run:
    hq = _late_by_its_bank(at)
    at.here.wake("schedules", "watch_banks", {"time": at.here.now.isoformat()})
    at.here.later(hours=2)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.here.later(minutes=1)
    return Run("watch_banks")


def a_step_is_put_off_by_an_outage(at: Stage) -> Run:
    _late_by_its_bank(at)
    at.here.wake("schedules", "watch_banks", {"time": at.here.now.isoformat()})
    at.here.later(hours=2, minutes=10)
    return Run("sweep")


def somebody_waits_for_word(at: Stage) -> Run:
    _lent(at, replace(FALLBACK, ladder=REMINDED))
    at.here.later(days=1)
    at.here.sweep()
    at.here.later(minutes=1)
    return Run("sweep")


def a_step_that_is_told_within_seconds_is_far_away(at: Stage) -> LoanInTheStream:
    return LoanInTheStream(_valuable(at))


def a_step_that_is_told_within_seconds_is_close(at: Stage) -> LoanInTheStream:
    loan = at.here.loan(_valuable(at))
    assert loan.next_step is not None
    at.here.later(seconds=(loan.next_step - at.here.now).total_seconds() - 30)
    return LoanInTheStream(loan.id)


def a_step_is_told_of_within_seconds(at: Stage) -> Run:
    loan = at.here.loan(_valuable(at))
    assert loan.next_step is not None
    at.here.later(seconds=(loan.next_step - at.here.now).total_seconds())
    return Run("sweep_at")


def too_little_room(at: Stage) -> Run:
    at.here.site_has(supervisors=("p-9",))
    _lent(at, replace(FALLBACK, period=Period(after=timedelta(hours=1))))
    for number in range(1, 5):
        beside(at.here, drill(10 + number), number=number)
    at.here.later(minutes=5)
    return Run("watch_banks")


def room_again(at: Stage) -> Run:
    too_little_room(at)
    at.here.wake("schedules", "watch_banks", {"time": at.here.now.isoformat()})
    at.here.later(hours=30)
    at.here.bank("hq-01").send(at.here.bank("hq-01").status({1: "closed"}, journal_depth=0))
    return Run("watch_banks")


def uncharged(at: Stage) -> Run:
    """One lies uncharged where nothing charges it; another was told of, and needs no charge any more."""
    at.here.site_has(supervisors=("p-9",), channel="#tool-room")
    rules(replace(DRILL, charging=Charging(minimum=50)))
    stage(at.here)
    at.here.wake("schedules", "watch_banks", {"time": at.here.now.isoformat()})
    rules(DRILL, replace(DRILL, id="lamp", charging=Charging(minimum=50)))
    beside(at.here, drill(5, type="lamp", charge=20), number=2)
    at.here.later(minutes=5)
    return Run("watch_banks")


KEPT = (
    too_little_room,
    room_again,
    uncharged,
    somebody_waits_for_word,
    a_step_that_is_told_within_seconds_is_far_away,
    a_step_that_is_told_within_seconds_is_close,
    a_step_is_told_of_within_seconds,
    a_time_here_ends,
    a_certification_ends,
    somebody_hears_that_their_time_ends,
    a_silent_bank_excuses,
    a_bank_that_is_heard_again_excuses,
    a_step_is_put_off_by_an_outage,
)


def returned_late_after_an_outage(at: Stage) -> Upload:
    hq = _late_by_its_bank(at)
    at.here.wake("schedules", "watch_banks", {"time": at.here.now.isoformat()})
    at.here.later(minutes=30)
    return hq.saw(hq.tap(), "closed", tags=[TAG])


DOORS = (returned_late_after_an_outage,)


def _lent(at: Stage, policy: Policy) -> FakeBank:
    rules(policy)
    hq, _ = lend(at.here)
    return hq


def _valuable(at: Stage) -> str:
    rules(replace(DRILL, prompt=True), replace(FALLBACK, ladder=REMINDED))
    _, loan = lend(at.here)
    return loan


def _leaving(at: Stage) -> None:
    """Person 1 has a drill, and a week left here; their manager and the site's supervisor are known."""
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9, email="omar@acme.example"))
    _lent(at, FALLBACK)
    at.here.change_person(person(email="maya@acme.example", valid_until=at.here.now + 7 * DAY))
    at.here.later(minutes=5)


def _late_by_its_bank(at: Stage) -> FakeBank:
    """A drill is due at a bank that was heard shortly before, and not for two hours since."""
    at.ignored = frozenset({"excused"})  # by the minute at which it was counted; from when it blocks is compared
    hq = _lent(at, replace(FALLBACK, ladder=REMINDED, blocks=Blocks(overdue_after=timedelta())))
    at.here.later(hours=7, minutes=20)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.here.later(hours=2)
    return hq
