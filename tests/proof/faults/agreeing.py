"""Scenes of takes that others have to agree to who are not there: asked, answered, timed out, and not counted."""

from tests.proof.faults.asks import Ask
from tests.proof.faults.devices import Tap
from tests.proof.faults.runs import Batch, Run
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import stage
from tests.support.workplace import FALLBACK, person, rules
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import replace

WANTED = {"type": "drill", "bank": "hq-01"}


def ask_others(at: Stage) -> Ask:
    _closed(at)
    return Ask("POST", "/authorisations", WANTED, subject="ana")


def ask_others_again(at: Stage) -> Ask:
    _asked(at)
    return Ask("POST", "/authorisations", WANTED, subject="ana")


def agree_as_supervisor(at: Stage) -> Ask:
    _, request = _asked(at)
    return Ask("POST", f"/authorisations/{request}/approve", {"reason": "known to me"}, subject="tom")


def agree_as_one_of_a_group(at: Stage) -> Ask:
    _, request = _asked(at, "safety")
    return Ask("POST", f"/authorisations/{request}/approve", {}, subject="eva")


def agree_as_nobody_who_may(at: Stage) -> Ask:
    _, request = _asked(at, "safety")
    return Ask("POST", f"/authorisations/{request}/approve", {}, subject="tom")


def do_not_agree(at: Stage) -> Ask:
    _, request = _asked(at)
    return Ask("POST", f"/authorisations/{request}/refuse", {"reason": "not today"}, subject="tom")


def what_asks_a_group(at: Stage) -> Ask:
    _asked(at, "safety")
    return Ask("GET", "/authorisations?to_answer=true", subject="eva")


OVER_HTTP = (
    ask_others,
    ask_others_again,
    agree_as_supervisor,
    agree_as_one_of_a_group,
    agree_as_nobody_who_may,
    do_not_agree,
    what_asks_a_group,
)


def take_what_was_agreed_to(at: Stage) -> Tap:
    return Tap(_agreed(at))


def take_what_somebody_agreed_to_who_left(at: Stage) -> Tap:
    hq = _agreed(at)
    at.here.change_person(person(2, active=False))
    return Tap(hq)


AT_BANKS = (take_what_was_agreed_to, take_what_somebody_agreed_to_who_left)


def nobody_answers(at: Stage) -> Run:
    _asked(at)
    at.here.later(minutes=16)
    return Run("sweep")


def a_supervisor_is_asked_by_message(at: Stage) -> Batch:
    at.here.site_has(supervisors=("p-9",))
    at.here.meet(person(9, email="sue@acme.example"))
    _asked(at)
    (notice,) = at.here.notices()
    return Batch(notice.id)


def whoever_asked_is_told_that_others_agree(at: Stage) -> Batch:
    at.here.meet(person(email="maya@acme.example"))
    _agreed(at)
    (notice,) = at.here.notices()
    return Batch(notice.id)


KEPT = (nobody_answers, a_supervisor_is_asked_by_message, whoever_asked_is_told_that_others_agree)


def _closed(at: Stage, group: str | None = None) -> FakeBank:
    """Person 1 may take a drill only if others agree: a supervisor of the site, or one of a group."""
    rules(replace(FALLBACK, authorisers=Authorisers(count=1, group=group)), Group(id="safety", name="Safety"))
    hq = stage(at.here, mode=Mode.KIOSK)
    at.here.meet(person(2))
    at.here.meet(person(3, groups=("safety",)))
    enter("ana", "self", person="p-1")
    enter("tom", "supervisor", person="p-2", sites=("hq",))
    enter("eva", "self", person="p-3")
    return hq


def _asked(at: Stage, group: str | None = None) -> tuple[FakeBank, str]:
    hq = _closed(at, group)
    asked = Client("ana", at=at.here.now).post("/authorisations", WANTED)
    assert asked.status == 201, asked.text
    at.here.later(minutes=2)
    return hq, str(asked.json["id"])


def _agreed(at: Stage) -> FakeBank:
    hq, request = _asked(at)
    assert Client("tom", at=at.here.now).post(f"/authorisations/{request}/approve", {}).status == 200
    at.here.later(minutes=1)
    return hq
