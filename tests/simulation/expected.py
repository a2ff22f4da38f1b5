"""What a long run must have seen: a thing that never happened was never tested (safety.md, G1)."""

from edge import display
from edge.uploads import FINAL
from tests.simulation.deciding import Manner
from tests.simulation.faults import RATES
from tests.simulation.plan import LIKELY
from tests.simulation.watches import RULES
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.loans import LoanState
from toolcrib.domain.outages import OutageKind
from toolcrib.domain.overrides import OVERRIDABLE
from toolcrib.domain.states import State

REPORTS = (
    "taken",
    "not_taken",
    "wrong_item",
    "returned",
    "not_returned",
    "other_returned",
    "kit_partly_taken",
    "kit_partly_returned",
    "return_unconfirmed",
    "unknown_tag",
    "contradiction",
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
"""Outcomes of door reports (rules.md, *Doors*), as the product's own lines name them.

But for `closed_without_grant`: where nobody was given a right, the shipped controller tells of the opening, and when it
is closed again surveys what is behind all doors (edge/doors.py).
"""
ALONE = (
    "taken",
    "not_taken",
    "wrong_item",
    "returned",
    "not_returned",
    "return_unconfirmed",
    "unknown_tag",
    "conflict",
    "by_nobody",
    "opened",
    "not_opened",
    "jammed",
    "unresolved",
)
"""Outcomes of reports of what banks did by themselves (docs/mqtt.md)."""
DEALT = tuple(f"{kind} {outcome}" for kind in ("take", "return") for outcome in (*FINAL, "opened", "left_open"))
"""How openings ended that no command asked for."""
UNREACHED = frozenset({display.OFFLINE_FULL.code, display.CATCHING_UP.code})
"""It takes 12,000 reports to fill a journal, and a bank that has lent has a roster."""
SAID_ALONE = frozenset(each.code for each in display.WHILE_ALONE) - UNREACHED
BOOKED = frozenset({"reserved", "held_for_other"})
"""Rows 10 and 11 refuse nothing before things can be booked."""
SAID = (
    *(RULES - BOOKED),
    "badge_unknown",
    "badge_revoked",
    "nothing_available",
    "not_here",
    "bank_revoked",
    "choose_at_kiosk",
    "door_busy",
    "session_expired",
    "renewed",
    "handed_over",
    "countersigned",
    "disowned",
    "not_put_in",
)
"""Codes of refusals at banks (rules.md, rows 1 to 14), and of what is no rule."""
ASKED = (
    "renew: done",
    "renew: not_renewable",
    "recall: done",
    "hand-over: done",
    "accept: done",
    "accept: terms_required",
    "accept: allowance_reached",
    "approve: done",
    "refuse: done",
    "claim-returned: done",
    "dispute: done",
    "resolve: done",
    "blocks: done",
    "overrides: done",
    "pin: done",
    "imports: done",
)
"""What came of what was asked for over HTTP."""
LOANS = (*LoanState, "kit", "by", "handed_from", "recalled", "renewals", "excused", "lost_at")
PROOFS = ("terms", "second_factor", "authorisers", "by", "answers")
OVERRIDDEN = frozenset(OVERRIDABLE) - BOOKED
NO_SUCH_CASES = frozenset({CaseKind.REJECTED_REPORT, CaseKind.DOUBLE_SEEN})
"""The shipped controller sends nothing that could never be applied, but for what a revoked bank says; and no simulated
tag is in two places at once.
"""
EFFECTS = ("still_out", "found", "declare_missing", "declare_lost", "send_to_repair", "retire", "stow")
EXPECTED = frozenset(
    {
        *(f"state: {state}" for state in State),
        *(f"fault: {kind}" for kind in RATES),
        *(f"manner: {manner}" for manner in Manner),
        *(f"act: {what}" for what in LIKELY),
        *(f"report: {outcome}" for outcome in REPORTS),
        *(f"said: {code}" for code in SAID),
        *(f"asked: POST {what}" for what in ASKED),
        *(f"chose {kind}" for kind in ("take", "return", "renew", "handover", "not_taken", "not_returned")),
        *(f"loan: {what}" for what in LOANS),
        *(f"case: {kind}" for kind in frozenset(CaseKind) - NO_SUCH_CASES),
        *(f"effect: {move}" for move in EFFECTS),
        *(f"chose {kind} of a kit" for kind in ("take", "return")),
        *(f"outage: {kind}" for kind in OutageKind),
        *(f"proof: {name}" for name in PROOFS),
        *(f"proof: {code}.overridden_by" for code in OVERRIDDEN),
        *(f"report: alone_{outcome}" for outcome in ALONE),
        *(f"alone: {what}" for what in (*DEALT, "take", "return", "in a case", "on record")),
        *(f"said alone: {code}" for code in SAID_ALONE),
        "loan begun alone",
        "down roster",
        "down fetch",
        "fault: timed out",
        "disconnected",
        "power cut",
        "joins",
        "slack",
        "mail",
    }
)
