"""Scenes with terms at a screen: accepted one after the other, declined, and too long to stand beside the options."""

from tests.proof.faults.devices import Choice, Pick
from tests.proof.faults.stage import Stage
from tests.support.outcomes import stage
from tests.support.workplace import put_terms
from toolcrib.domain.agreements import digest
from toolcrib.domain.doors import Mode

TAKE = "take:drill"
TEXT, SAFETY = "Bring it back.", "Wear goggles."


def accept_terms(at: Stage) -> Choice:
    put_terms({"en": TEXT})
    hq = stage(at.here, mode=Mode.KIOSK)
    return Choice(hq, hq.tap(), TAKE, {"terms_sha256": digest(TEXT)})


def accept_the_first_of_two_terms(at: Stage) -> Pick:
    put_terms({"en": TEXT})
    put_terms({"en": SAFETY}, id="safety", asset_types=(), categories=("tools",))
    hq = stage(at.here, mode=Mode.KIOSK)
    return Pick(hq, hq.tap().body["session"], TAKE, {"terms_sha256": digest(TEXT)})


def decline_terms(at: Stage) -> Choice:
    put_terms({"en": TEXT})
    hq = stage(at.here, mode=Mode.KIOSK)
    return Choice(hq, hq.tap(), TAKE)


AT_BANKS = (accept_terms, accept_the_first_of_two_terms, decline_terms)
