"""Scenes in which more counts than the bank somebody stands at: full ones, things elsewhere, lateness, and claims."""

from tests.proof.faults.asks import Ask
from tests.proof.faults.devices import Pick, Tap
from tests.proof.faults.stage import Stage
from tests.support.banks import Upload
from tests.support.http import enter
from tests.support.outcomes import TAG, beside, lend, stage
from tests.support.pairs import lockout
from tests.support.workplace import OTHER_TOKEN, bank, drill, person, put_asset, rules
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.states import Move

KEY = AssetType(id="key", name="Key", category="tools")


def no_room_at_another_bank(at: Stage) -> Tap:
    """What a loan was brought to in vain stands on it: it excuses."""
    lend(at.here)
    full = at.here.place(bank(id="hq-02"), doors=1, stowed={1: drill(2)})
    return Tap(full)


def take_beside_what_lies_elsewhere(at: Stage) -> Tap:
    """A lockout pair: the drill may leave while the key lies in a door of another bank, or in the workshop."""
    hq = stage(at.here)
    rules(KEY, lockout("drill-1", "key-2", "key-3"))
    at.here.place(bank(id="hq-02"), stowed={1: drill(2, id="key-2", type="key")})
    put_asset(drill(3, id="key-3", type="key", tag=None), then=(Move.SEND_TO_REPAIR,))
    return Tap(hq)


def refused_for_what_is_out(at: Stage) -> Tap:
    hq = stage(at.here)
    rules(KEY, lockout("drill-1", "key-2"))
    other = at.here.place(bank(id="hq-02"), stowed={1: drill(2, id="key-2", type="key")})
    at.here.meet(person(2), OTHER_TOKEN)
    other.does(other.tap(OTHER_TOKEN), "closed", tags=[])
    at.here.later(minutes=1)
    return Tap(hq)


def keep_longer_than_allowed(at: Stage) -> Pick:
    hq, loan = lend(at.here, mode=Mode.KIOSK)
    beside(at.here, drill(2), number=2)
    return Pick(hq, hq.tap().body["session"], f"renew:{loan}")


AT_BANKS = (
    no_room_at_another_bank,
    take_beside_what_lies_elsewhere,
    refused_for_what_is_out,
    keep_longer_than_allowed,
)


def returned_late(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    at.here.later(hours=9)
    return hq.saw(hq.tap(), "closed", tags=[TAG])


def returned_late_from_a_full_bank(at: Stage) -> Upload:
    hq, _ = lend(at.here)
    full = at.here.place(bank(id="hq-02"), doors=1, stowed={1: drill(2)})
    at.here.later(hours=9)
    full.tap()
    at.here.later(hours=1)
    return hq.saw(hq.tap(), "closed", tags=[TAG])


REPORTED = (returned_late, returned_late_from_a_full_bank)


def claim_it_is_back(at: Stage) -> Ask:
    _, loan = lend(at.here)
    enter("ann", "self", person="p-1")
    body = {"bank": "hq-01", "door": 2, "note": "put it there at noon"}
    return Ask("POST", f"/loans/{loan}/claim-returned", body, subject="ann")


def claim_it_is_where_no_bank_is(at: Stage) -> Ask:
    _, loan = lend(at.here)
    enter("ann", "self", person="p-1")
    return Ask("POST", f"/loans/{loan}/claim-returned", {"bank": "hq-77"}, subject="ann")


def dispute(at: Stage) -> Ask:
    _, loan = lend(at.here)
    enter("ann", "self", person="p-1")
    return Ask("POST", f"/loans/{loan}/dispute", {"note": "I never had it"}, subject="ann")


OVER_HTTP = (claim_it_is_back, claim_it_is_where_no_bank_is, dispute)
