"""What a long run must have seen: a thing that never happened was never tested (safety.md, G1)."""

from tests.simulation.faults import RATES
from tests.simulation.people import Manner
from tests.simulation.plan import LIKELY
from toolcrib.domain.states import State

REPORTS = (
    "taken",
    "not_taken",
    "wrong_item",
    "returned",
    "not_returned",
    "opened",
    "not_opened",
    "jammed",
    "left_open",
    "forced",
    "unresolved",
    "serviced",
    "late",
    "repeated",
)
"""Outcomes of door reports (rules.md, *Doors*), as the product's own lines name them."""
SAID = (
    "person_frozen",
    "person_expired",
    "badge_unknown",
    "badge_revoked",
    "no_access",
    "allowance_reached",
    "nothing_available",
    "not_here",
    "bank_revoked",
    "choose_at_kiosk",
    "pin_required",
    "pin_wrong",
    "pin_locked",
)
"""Codes of refusals at banks (rules.md, rows 1, 2, 4, 9 and 12) and of what is no rule."""
EXPECTED = frozenset(
    {
        *(f"state: {state}" for state in State),
        *(f"fault: {kind}" for kind in RATES),
        *(f"manner: {manner}" for manner in Manner),
        *(f"act: {what}" for what in LIKELY),
        *(f"report: {outcome}" for outcome in REPORTS),
        *(f"said: {code}" for code in SAID),
        *(f"chose {kind}" for kind in ("take", "return", "not_taken", "not_returned")),
        "fault: timed out",
        "disconnected",
        "power cut",
        "slack",
        "mail",
    }
)
