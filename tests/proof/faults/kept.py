"""Scenes of what nobody waits for: the sweeper, the watch over banks, the anchors, the outbox, and signing in."""

import json
from datetime import time, timedelta
from pathlib import Path

from tests.proof.faults.runs import Batch, Run, SignIn, Word
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import enter
from tests.support.outcomes import beside, lend, stage
from tests.support.workplace import DRILL, FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, put_asset, rules
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.imports import Import, ImportState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.pacing import Pace, own_place
from toolcrib.domain.people import Shift
from toolcrib.domain.policies import Period, Step, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.rostering.roster import Roster, Span
from toolcrib.domain.states import Move
from toolcrib.domain.upkeep import Charging
from toolcrib.store import mapping
from toolcrib.store.imports import add_import
from toolcrib.store.paces import save_pace

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


def a_digest_is_due(at: Stage) -> Run:
    rules(replace(DRILL, owner="p-7"))
    at.here.meet(person(7, email="ina@acme.example"))
    at.here.site_has(supervisors=("p-9",), channel="#tool-room", digest_at=time(10))
    stage(at.here)
    return Run("digests")


def a_site_hears_of_its_day(at: Stage) -> Batch:
    return _told_of_all(at, To.SUPERVISOR)


def an_owner_hears_of_their_week(at: Stage) -> Batch:
    return _told_of_all(at, To.OWNER)


def _told_of_all(at: Stage, to: To) -> Batch:
    """A loan is late, a thing is broken, one has gone astray, and one is out of charge."""
    rules(replace(FALLBACK, period=Period(after=HOUR)))
    at.here.site_has(supervisors=("p-9",), digest_at=time(10))
    at.here.meet(person(9, email="omar@acme.example"))
    at.here.meet(person(7, email="ina@acme.example"))
    lend(at.here)
    rules(replace(DRILL, owner="p-7", charging=Charging(minimum=50)))
    beside(at.here, drill(5, charge=20), number=2)
    put_asset(drill(7), then=(Move.DECLARE_MISSING,))
    mapping.case_item(
        ORG, Case(id="c-1", kind=CaseKind.FAULT, opened_at=at.here.now, site="hq", asset="drill-5")
    ).save()
    at.here.later(hours=3)
    at.here.wake("schedules", "digests", {"time": at.here.now.isoformat()})
    return Batch(next(notice.id for notice in at.here.notices() if notice.period is not None and notice.to is to))


def a_mail_comes_back(at: Stage) -> Word:
    return _came_back(at, by_mail(at).notice)


def a_digest_comes_back(at: Stage) -> Word:
    """It went out with two parts by mail."""
    first = by_mail(at).notice
    with_parts = Notice(
        id="whole", step="digest", to=To.SUPERVISOR, recipient="p-9", via=Via.EMAIL, due_at=at.here.now, parts=(first,)
    )
    mapping.notice_item(ORG, replace(with_parts, state=NoticeState.SENT)).save()
    part = next(notice for notice in at.here.notices() if notice.id == first)
    mapping.notice_item(ORG, replace(part, state=NoticeState.SENT, digest="whole")).save()
    return _came_back(at, "whole", sent=False)


def _came_back(at: Stage, notice: str, *, sent: bool = True) -> Word:
    event = json.loads(Path("events/mail_bounced.json").read_text())
    event["detail"]["mail"]["tags"] |= {"notice": [notice], "org": [ORG]}
    event["detail"]["bounce"]["bouncedRecipients"] = [{"emailAddress": "omar@acme.example"}]
    found = next(each for each in at.here.notices() if each.id == notice)
    save_pace(ORG, own_place(found), Pace(told_at=at.here.now, told_by=notice), at.here.now)
    if sent:
        mapping.notice_item(ORG, replace(found, state=NoticeState.SENT, sent_at=at.here.now)).save()
    return Word(event)


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
