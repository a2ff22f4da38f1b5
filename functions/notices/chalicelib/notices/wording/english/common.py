"""Phrases that loans and cases share."""

from chalicelib.notices.wording.english.moments import when
from chalicelib.notices.wording.facts import Facts
from toolcrib.domain.policies import To

REASONS = {
    To.HOLDER: "You get this because it is on loan to you.",
    To.SUPERVISOR: "You get this because you supervise {site}.",
    To.MANAGER: "You get this because you are the manager of {holder}.",
    To.OWNER: "You get this because things of this type are yours to look after.",
    To.CHANNEL: "This channel is told about {site}.",
}
LAST_USER = "You get this because you used it last."


def place(facts: Facts) -> str:
    """Return `hq-01, door 3`, as it stands on the cabinet."""
    bank = facts.bank or "a locker"
    return bank if facts.door is None else f"{bank}, door {facts.door}"


def door_of(facts: Facts) -> str:
    """Return `door 3 of hq-01`, as it stands in a sentence."""
    if facts.door is None:
        return f"locker {facts.bank}" if facts.bank else "a locker"
    return f"door {facts.door} of {facts.bank}" if facts.bank else f"door {facts.door}"


def reason(facts: Facts) -> str:
    """Say why this reader gets it, and where it is late itself, that it is."""
    template = LAST_USER if facts.notice.to is To.HOLDER and facts.case else REASONS[facts.notice.to]
    why = template.format(site=facts.site or "this site", holder=facts.holder or "the holder")
    return why + late_remark(facts)


def late_remark(facts: Facts) -> str:
    """Say of a notice that is late itself that it is; nothing of others."""
    if not facts.notice.late:
        return ""
    return f" It comes late: it should have reached you {when(facts.notice.due_at, facts.now, facts.zone)}."


def reference(facts: Facts) -> str:
    """Return what leads support to the record."""
    about = f"Loan {facts.loan.id}" if facts.loan else f"Case {facts.notice.case}"
    return f"{about} · {facts.notice.step}"
