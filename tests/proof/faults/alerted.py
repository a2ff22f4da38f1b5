"""Scenes of what is told already: messages that are out, and are changed where they stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.proof.faults.kept import overdue
from tests.proof.faults.runs import Batch
from tests.proof.faults.stage import Stage, aside
from tests.support.outcomes import TAG, stage
from tests.support.workplace import person
from toolcrib.domain.notices import Notice
from toolcrib.domain.policies import Via


@dataclass
class Ended:
    """A loan's end in the stream: Lambda brings the record again; when that has ended, the sweeper wakes the notice."""

    loan: str
    notice: str

    def deliver(self, stage: Stage, nth: int) -> bool:
        stage.later(minutes=3 * nth)
        if nth > 4:
            stage.invoke("schedules", "sweep", {"time": stage.here.now.isoformat()})
        records = [self._record(stage)] if nth <= 4 else [Batch(self.notice).record(stage)]
        answer, _, broke_off = stage.invoke("notices", "deliver", {"Records": records})
        return not broke_off and not answer["batchItemFailures"] and self._now(stage).outdated_at is None

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


KEPT = (by_mail_to_who_stands_in, a_return_changes_its_message)
