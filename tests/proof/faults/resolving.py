"""Scenes of cases: given to somebody, and resolved together with where their asset is."""

from tests.proof.faults.asks import Ask
from tests.proof.faults.stage import Stage
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import TAG, lend, stage
from toolcrib.domain.cases import CaseState


def give_to_somebody(at: Stage) -> Ask:
    return Ask("PATCH", f"/cases/{_forced(at)}", {"owner": "p-1"}, {"If-Match": "*"})


def give_to_nobody_there_is(at: Stage) -> Ask:
    return Ask("PATCH", f"/cases/{_forced(at)}", {"owner": "p-99"}, {"If-Match": "*"})


def resolve_by_stowing(at: Stage) -> Ask:
    return _resolving(_claimed(at), move="stow", bank="hq-01", door=2)


def resolve_as_still_out(at: Stage) -> Ask:
    return _resolving(_claimed(at), move="still_out")


def resolve_as_found(at: Stage) -> Ask:
    stage(at.here).tap()
    at.here.later(minutes=11)
    at.here.sweep()
    return _resolving(_case(at), move="found", site="hq")


def resolve_in_words_only(at: Stage) -> Ask:
    return _resolving(_claimed(at))


def resolve_as_proposed(at: Stage) -> Ask:
    """A thing on loan lies in a door: the supervisor has it put on record there."""
    hq, _ = lend(at.here)
    _tells(at, hq, {3: [TAG]})
    return _resolving(_case(at), repair=True)


def resolve_as_missing(at: Stage) -> Ask:
    _tells(at, stage(at.here), {1: []})
    return _resolving(_case(at), repair=True)


def _tells(at: Stage, hq: FakeBank, tags: dict[int, list[str]]) -> None:
    at.here.later(minutes=5)
    hq.send(hq.status(dict.fromkeys(range(1, 5), "closed"), {1: [], 2: [], 3: [], 4: [], **tags}))


CUSTODY = (resolve_as_proposed, resolve_as_missing, resolve_by_stowing, resolve_as_still_out, resolve_as_found)
OVER_HTTP = (give_to_somebody, give_to_nobody_there_is, resolve_in_words_only)


def _resolving(case: str, **more: str | int) -> Ask:
    enter("admin", "admin")
    return Ask("POST", f"/cases/{case}/resolve", {"resolution": "looked", **more})


def _forced(at: Stage) -> str:
    enter("admin", "admin")
    stage(at.here).does(None, "forced", door=1)
    at.here.later(minutes=5)
    return _case(at)


def _claimed(at: Stage) -> str:
    """Person 1 says that the drill is back, and nobody has seen it."""
    _, loan = lend(at.here)
    enter("ana", "self", person="p-1")
    claimed = Client("ana", at=at.here.now).post(f"/loans/{loan}/claim-returned", {})
    assert claimed.status == 200, claimed.text
    at.here.later(minutes=5)
    return _case(at)


def _case(at: Stage) -> str:
    (case,) = (case for case in at.here.cases() if case.state is CaseState.OPEN)
    return case.id
