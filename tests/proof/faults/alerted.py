"""Scenes of what is told already: messages that are out, and are changed where they stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.proof.faults.asks import Ask
from tests.proof.faults.kept import overdue
from tests.proof.faults.runs import Batch, Run
from tests.proof.faults.stage import Stage, aside
from tests.support.banks import FakeBank
from tests.support.http import enter
from tests.support.outcomes import TAG, lend, stage
from tests.support.workplace import FALLBACK, ORG, OTHER_TOKEN, bank, drill, person, rules
from toolcrib.domain.notices import UNDELIVERED, Acted, Notice, NoticeState
from toolcrib.domain.people import Certification
from toolcrib.domain.policies import Step, To, Via
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace
from toolcrib.store.mapping import notice_item

HOUR = timedelta(hours=1)
LATER_S = 400  # what a run wrote and never let go is on the agenda again: it goes together with what that run left


@dataclass
class Ended:
    """A loan's end in the stream, and then the mark on its notice: Lambda brings each again; in the end the sweeper."""

    loan: str
    notice: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(minutes=3 * nth)
        if nth > 4:
            stage.invoke("schedules", "sweep", {"time": stage.here.now.isoformat()})
        done = nth > 4 or self._brought(stage, self._record(stage))
        done = self._brought(stage, Batch(self.notice).record(stage)) and done
        return done and self._now(stage).outdated_at is None

    def _brought(self, stage: Stage, record: dict[str, Any]) -> bool:
        answer, _, broke_off = stage.invoke("notices", "deliver", {"Records": [record]})
        return not broke_off and not answer["batchItemFailures"]

    def _now(self, stage: Stage) -> Notice:
        with aside(stage.cloud):
            return next(notice for notice in stage.here.notices() if notice.id == self.notice)

    def _record(self, stage: Stage) -> dict[str, Any]:
        image = stage.cloud.dynamo.snapshot()["state"][(f"acme#LOAN#{self.loan}", "LOAN")]
        old = {**image, "state": {"S": "open"}}
        changed = {"SequenceNumber": "1", "StreamViewType": "NEW_AND_OLD_IMAGES", "NewImage": image, "OldImage": old}
        return {"eventID": "e1", "eventName": "MODIFY", "eventSource": "aws:dynamodb", "dynamodb": changed}


def a_return_changes_its_message(at: Stage) -> Ended:
    """One notice is out; its message has to end as one that says so, and the notice as one that says nothing wrong."""
    hq = overdue(at)
    at.here.sweep()
    (notice,) = at.here.notices()
    at.invoke("notices", "deliver", {"Records": [Batch(notice.id).record(at)]})
    hq.does(hq.tap(), "closed", tags=[TAG])
    at.here.later(minutes=1)
    return Ended(notice.loan or "", notice.id)


def a_return_changes_its_line_of_a_digest(at: Stage) -> Ended:
    """Three are told of in one message in Slack; one comes back."""
    hq = _two_late(at, Via.SLACK)
    at.here.sweep()
    (digest,) = (notice for notice in at.here.notices() if notice.parts)
    at.invoke("notices", "deliver", {"Records": [Batch(digest.id).record(at)]})
    back = at.here.asset().loan or ""
    hq.does(hq.tap(), "closed", tags=[TAG])
    at.here.later(minutes=1)
    return Ended(back, digest.id)


def by_mail_to_who_stands_in(at: Stage) -> Batch:
    """Two look after the site; one of them is away, and has named a third."""
    at.here.site_has(supervisors=("p-8", "p-9"))
    at.here.meet(person(7, email="dana@acme.example"))
    at.here.meet(person(8, email="omar@acme.example", absent_until=at.here.now + timedelta(days=3), delegate="p-7"))
    at.here.meet(person(9, email="sue@acme.example"))
    hq = stage(at.here)
    hq.does(None, "forced", door=1)
    theirs = (notice for notice in at.here.notices() if notice.recipient == "p-8" and notice.via is Via.EMAIL)
    return Batch(next(theirs).id)


def by_mail_of_what_somebody_sees_to_already(at: Stage) -> Batch:
    waiting = by_mail_to_who_stands_in(at)
    (notice,) = (each for each in at.here.notices() if each.id == waiting.notice)
    acted = Acted(reaction=Reaction.ACKNOWLEDGE, by="p-9", at=at.here.now, op="a-1")
    notice_item(ORG, replace(notice, acted=acted)).save()
    return waiting


def several_loans_are_late(at: Stage) -> Run:
    _two_late(at)
    return Run("sweep", every_s=LATER_S)


def parts_of_a_digest_that_was_never_written(at: Stage) -> Run:
    _two_late(at)
    with patch("toolcrib.flows.gather.commit"):
        at.here.sweep()
    at.here.later(minutes=6)
    return Run("sweep")


class Together(Batch):
    """A digest in the stream, until each of its parts is over too."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        done = super().deliver(stage, nth)
        with aside(stage.cloud):
            parts = [notice for notice in stage.here.notices() if notice.digest == self.notice]
        return done and not any(notice.state in UNDELIVERED for notice in parts)


def two_certifications_in_one_message(at: Stage) -> Together:
    """The supervisor hears of two people in one message: the stream had missed both notices."""
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9, email="sue@acme.example"))
    ends = {"crane": Certification(valid_until=at.here.now + timedelta(days=7))}
    for number in (1, 2):
        at.here.meet(person(number, site="hq", certifications=ends))
    for _ in range(2):
        at.here.now += timedelta(minutes=6)
        at.here.sweep()
    digest = next(notice for notice in at.here.notices() if notice.parts)
    return Together(digest.id)


def several_in_one_message(at: Stage) -> Together:
    """One of three came back meanwhile, so that it is over and not told."""
    hq = _two_late(at)
    at.here.sweep()
    (digest,) = (notice for notice in at.here.notices() if notice.parts)
    hq.does(hq.tap(), "closed", tags=[TAG])
    return Together(digest.id)


def several_in_one_message_in_slack(at: Stage) -> Together:
    _two_late(at, Via.SLACK)
    at.here.sweep()
    (digest,) = (notice for notice in at.here.notices() if notice.parts)
    return Together(digest.id)


def parts_that_their_digest_left_behind(at: Stage) -> Run:
    """The message is out, and its sender died before it could say so of each part."""
    _two_late(at)
    at.here.sweep()
    (digest,) = (notice for notice in at.here.notices() if notice.parts)
    with patch("chalicelib.notices.deliver_digest._end"):
        at.invoke("notices", "deliver", {"Records": [Batch(digest.id).record(at)]})
    at.here.later(minutes=6)
    return Run("sweep")


def _two_late(at: Stage, via: Via = Via.EMAIL) -> FakeBank:
    """Three drills of two people are late, and the same supervisor is to hear of it."""
    at.ignored = frozenset({"agenda_pk"})  # a digest of a later run is another one
    rules(replace(FALLBACK, ladder=(Step(offset=HOUR, to=To.SUPERVISOR, via=via),)))
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9, email="omar@acme.example", slack_id="U0OMAR" if via is Via.SLACK else None))
    hq, _ = lend(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    for number in (2, 3):
        other = at.here.place(bank(id=f"hq-0{number}"), stowed={1: drill(number)})
        other.does(other.tap(OTHER_TOKEN), "closed", tags=[])
    at.here.later(hours=10)
    return hq


KEPT = (
    several_loans_are_late,
    parts_of_a_digest_that_was_never_written,
    parts_that_their_digest_left_behind,
    several_in_one_message,
    several_in_one_message_in_slack,
    two_certifications_in_one_message,
    by_mail_to_who_stands_in,
    by_mail_of_what_somebody_sees_to_already,
    a_return_changes_its_message,
    a_return_changes_its_line_of_a_digest,
)


def redrive_what_was_given_up(at: Stage) -> Ask:
    enter("admin", "admin")
    overdue(at)
    at.here.sweep()
    (notice,) = at.here.notices()
    notice_item(ORG, replace(notice, state=NoticeState.GIVEN_UP, attempts=7, wake_at=None, hold_until=None)).save()
    return Ask("POST", f"/notices/{notice.id}/redrive", {})


OVER_HTTP = (redrive_what_was_given_up,)
