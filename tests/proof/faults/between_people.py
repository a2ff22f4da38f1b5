"""Scenes of loans kept longer, called back, and handed over: at a screen, and over HTTP."""

from datetime import timedelta

from tests.proof.faults.asks import Ask
from tests.proof.faults.devices import Again, Choice
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import beside, lend
from tests.support.workplace import FALLBACK, OTHER_TOKEN, drill, person, rules
from toolcrib.domain.doors import Mode
from toolcrib.domain.policies import Period, Recall, Renewals
from toolcrib.domain.record import replace

HOUR = timedelta(hours=1)
TERMS = replace(FALLBACK, period=Period(after=8 * HOUR), renewals=Renewals(max=1), recall=Recall(notice=HOUR))


def keep_it_longer(at: Stage) -> Choice:
    hq, loan = _out(at)
    return Choice(hq, hq.tap(), f"renew:{loan}")


def offer_to_hand_over(at: Stage) -> Choice:
    hq, loan = _out(at)
    return Choice(hq, hq.tap(), f"handover:{loan}")


def hand_over(at: Stage) -> Again:
    hq, loan = _out(at)
    waiting = hq.choose(hq.tap(), f"handover:{loan}")
    body = {"journal_depth": 0, "badges": [OTHER_TOKEN], "session": waiting.body["session"]}
    return Again(hq._upload("tap", body))


def take_for_another(at: Stage) -> Choice:
    hq, _ = _out(at)
    at.here.meet(person(9, name="Night shift"))
    at.here.change_person(person(borrows_for=("p-9",)))
    return Choice(hq, hq.tap(), "take:drill@p-9")


AT_BANKS = (keep_it_longer, offer_to_hand_over, hand_over, take_for_another)


def renew(at: Stage) -> Ask:
    _, loan = _out(at)
    return Ask("POST", f"/loans/{loan}/renew")


def recall(at: Stage) -> Ask:
    _, loan = _out(at)
    return Ask("POST", f"/loans/{loan}/recall", {"reason": "needed"})


def ask_to_hand_over(at: Stage) -> Ask:
    _, loan = _out(at)
    return Ask("POST", f"/loans/{loan}/hand-over", {"to": "p-2"})


def think_again(at: Stage) -> Ask:
    _, loan = _out(at)
    Client("admin", at=at.here.now).post(f"/loans/{loan}/hand-over", {"to": "p-2"})
    return Ask("DELETE", f"/loans/{loan}/hand-over")


def accept(at: Stage) -> Ask:
    _, loan = _out(at)
    assert Client("admin", at=at.here.now).post(f"/loans/{loan}/hand-over", {"to": "p-2"}).status == 200
    enter("ben", "self", person="p-2")
    return Ask("POST", f"/loans/{loan}/hand-over/accept", {}, subject="ben")


OVER_HTTP = (renew, recall, ask_to_hand_over, think_again, accept)


def _out(at: Stage) -> tuple[FakeBank, str]:
    """Person 1 has drill 1, another lies in door 2, and person 2 stands by."""
    rules(TERMS)
    enter("admin", "admin")
    hq, loan = lend(at.here, mode=Mode.KIOSK)
    beside(at.here, drill(2), number=2)
    at.here.meet(person(2), OTHER_TOKEN)
    return hq, loan
