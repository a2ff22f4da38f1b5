"""Scenes at a bank to which others belong: who agrees to a take by badge or from afar, or countersigns a return."""

from tests.proof.faults.at_banks import picked
from tests.proof.faults.devices import Again, Pick, Tap
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import TAG, lend, stage
from tests.support.workplace import FALLBACK, OTHER_TOKEN, person, rules
from toolcrib.domain.doors import Mode
from toolcrib.domain.policies import Authorisers, Moment
from toolcrib.domain.record import replace

TAKE = "take:drill"


def join(at: Stage) -> Tap:
    hq = _asked_for_another(at)
    return Tap(hq, (OTHER_TOKEN,), session=hq.tap().body["session"])


def join_with_accounts(at: Stage) -> Tap:
    """The taker borrows for a team as well, and its rules are judged with theirs."""
    hq = _asked_for_another(at)
    at.here.meet(person(9, name="Night shift"))
    at.here.change_person(person(borrows_for=("p-9",)))
    return Tap(hq, (OTHER_TOKEN,), session=hq.tap().body["session"])


def join_what_nobody_asks_for(at: Stage) -> Tap:
    hq = _asked_for_another(at)
    shown = hq.tap()
    rules(FALLBACK)
    return Tap(hq, (OTHER_TOKEN,), session=shown.body["session"])


def join_too_late(at: Stage) -> Tap:
    hq = _asked_for_another(at)
    shown = hq.tap()
    at.here.later(seconds=61)
    return Tap(hq, (OTHER_TOKEN,), session=shown.body["session"])


def join_a_session_that_is_over(at: Stage) -> Tap:
    hq = _asked_for_another(at)
    shown = hq.tap()
    at.here.later(seconds=121)
    return Tap(hq, (OTHER_TOKEN,), session=shown.body["session"])


def take_with_another(at: Stage) -> Pick:
    hq = _asked_for_another(at)
    joined = hq.tap(OTHER_TOKEN, session=hq.tap().body["session"])
    return Pick(hq, joined.body["session"], TAKE)


def pick_with_nobody_there(at: Stage) -> Again:
    """Those who look after the site are asked, once."""
    hq = _asked_for_another(at)
    at.here.site_has(supervisors=("p-2",))
    return Again(picked(hq, hq.tap(), TAKE))


def countersign_beforehand(at: Stage) -> Tap:
    hq = _countersigned_returns(at)
    hq.tap()
    return Tap(hq, (OTHER_TOKEN,), every_s=3)


def countersign_afterwards(at: Stage) -> Tap:
    hq = _countersigned_returns(at)
    hq.does(hq.tap(), "closed", tags=[TAG])
    at.here.later(seconds=10)
    return Tap(hq, (OTHER_TOKEN,), every_s=3)


def take_what_a_leaver_approved(at: Stage) -> Tap:
    """Who agreed from afar is disabled by now: it does not count, and the taker's profile forgets it."""
    hq = _asked_for_another(at)
    assert hq.choose(hq.tap(), TAKE).code == "authorisation_required"
    enter("ben", "supervisor", person="p-2", sites=("hq",))
    ben = Client("ben", at=at.here.now)
    (request,) = ben.get("/authorisations").json["items"]
    assert ben.post(f"/authorisations/{request['id']}/approve", {}).status == 200
    at.here.change_person(person(2, active=False))
    return Tap(hq)


AT_BANKS = (
    join,
    join_with_accounts,
    join_what_nobody_asks_for,
    join_too_late,
    join_a_session_that_is_over,
    take_with_another,
    pick_with_nobody_there,
    countersign_beforehand,
    countersign_afterwards,
    take_what_a_leaver_approved,
)


def _asked_for_another(at: Stage) -> FakeBank:
    """A kiosk whose drill is taken only if somebody else agrees; person 2 stands by."""
    rules(replace(FALLBACK, authorisers=Authorisers(count=1)))
    hq = stage(at.here, mode=Mode.KIOSK)
    at.here.meet(person(2), OTHER_TOKEN)
    return hq


def _countersigned_returns(at: Stage) -> FakeBank:
    """Person 1 has drill 1, whose return has to be countersigned; person 2 stands by."""
    rules(replace(FALLBACK, authorisers=Authorisers(count=1, on=(Moment.RETURN,))))
    hq, _ = lend(at.here)
    at.here.meet(person(2), OTHER_TOKEN)
    return hq
