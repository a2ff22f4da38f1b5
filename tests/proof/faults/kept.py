"""Scenes of what nobody waits for: the sweeper, the watch over banks, the anchors, the outbox, and signing in."""

from datetime import timedelta

from tests.proof.faults.runs import Batch, Run, SignIn
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import enter
from tests.support.outcomes import lend, stage
from tests.support.workplace import FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from toolcrib.domain.imports import Import, ImportState
from toolcrib.domain.people import Shift
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.rostering.roster import Roster, Span
from toolcrib.store.imports import add_import

HOUR = timedelta(hours=1)
LADDER = (
    Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),
    Step(offset=2 * HOUR, to=To.SUPERVISOR, via=Via.EMAIL),
)


def grants_without_a_report(at: Stage) -> Run:
    first, second = stage(at.here), at.here.place(bank(id="hq-02"), stowed={1: drill(2)})
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9))
    at.here.meet(person(2), OTHER_TOKEN)
    first.tap(TOKEN)
    second.tap(OTHER_TOKEN)
    at.here.later(minutes=11)
    return Run("sweep")


def a_loan_is_late(at: Stage) -> Run:
    overdue(at)
    at.here.later(hours=3)
    return Run("sweep")


def a_notice_is_left(at: Stage) -> Run:
    _noticed(at)
    at.here.later(minutes=11)
    return Run("sweep")


def a_roster_is_left(at: Stage) -> Run:
    stage(at.here)
    span = Span(begins=at.here.now, ends=at.here.now + 24 * HOUR)
    shift = Shift(starts=at.here.now + HOUR, ends=at.here.now + 2 * HOUR, groups=("crew",))
    left = Import(id="i-1", site="hq", by="admin", state=ImportState.RUNNING, at=at.here.now, people=1)
    add_import(ORG, "i-1", left, Roster(span=span, people={"p-1": (shift,)}))
    at.here.later(minutes=2)
    return Run("sweep")


def a_bank_falls_silent(at: Stage) -> Run:
    hq = stage(at.here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.here.later(minutes=21)
    return Run("watch_banks", every_s=60)


def reports_are_missing(at: Stage) -> Run:
    hq = stage(at.here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    lost = hq.status({1: "closed"}, journal_depth=0)
    hq.journal.remove(lost)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    at.here.later(minutes=6)
    return Run("watch_banks", every_s=60)


def the_first_anchor(at: Stage) -> Run:
    lend(at.here)
    return Run("anchor_heads")


def the_next_anchor(at: Stage) -> Run:
    lend(at.here)
    at.here.wake("schedules", "anchor_heads", {"time": at.here.now.isoformat()})
    at.here.later(days=1)
    return Run("anchor_heads")


def by_slack(at: Stage) -> Batch:
    return _noticed(at)


def by_mail(at: Stage) -> Batch:
    overdue(at)
    at.here.later(hours=3)
    at.here.sweep()
    return Batch(next(notice.id for notice in at.here.notices() if notice.via is Via.EMAIL))


def about_a_case(at: Stage) -> Batch:
    at.here.site_has(supervisors=("p-9",), channel="#tool-room")
    at.here.meet(person(9, email="omar@acme.example"))
    hq = stage(at.here)
    hq.does(None, "forced", door=1)
    return Batch(next(notice.id for notice in at.here.notices() if notice.via is Via.EMAIL))


def a_sign_in(at: Stage) -> SignIn:
    return SignIn(enter("ann", "supervisor"))


def _noticed(at: Stage) -> Batch:
    overdue(at)
    at.here.sweep()
    (notice,) = at.here.notices()
    return Batch(notice.id)


def overdue(at: Stage) -> FakeBank:
    rules(replace(FALLBACK, ladder=LADDER))
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9, email="omar@acme.example"))
    hq, _ = lend(at.here)
    seen = at.here.person()
    at.here.change_person(replace(seen, slack_id="U0MAYA"))
    at.here.later(hours=8)
    return hq
