"""What comes to an end: a certification, or somebody's time while they still have something."""

from chalicelib.notices.wording.english.common import late_remark
from chalicelib.notices.wording.english.moments import length, stamp, when
from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Tone, Words
from toolcrib.domain.policies import To


def person_words(facts: Facts) -> Words:
    """Word a notice about a person; what is said of the time is true at `facts.now`, whatever the step was."""
    return _certification(facts) if facts.certification else _leaving(facts)


def _certification(facts: Facts) -> Words:
    own, name = facts.notice.to is To.HOLDER, facts.certification
    whose = "Your" if own else f"{facts.holder or 'Somebody'}'s"
    over = _over(facts)
    verb = "expired" if over else "expires"
    consequence = "What needs it cannot be taken any more." if over else "After that, what needs it cannot be taken."
    hello = f"Hi {facts.holder}, your" if own and facts.holder else whose
    return Words(
        tone=Tone.LATE if over else Tone.REMINDER,
        headline=f"{whose} certification {name} {verb} {_when(facts)}",
        lead=f"{hello} certification {name} {verb} {_when(facts)}. {consequence}",
        rows=_rows(facts, ("Certification", name), ("Valid until", _stamp(facts))),
        steps=(
            "Ask your supervisor for the training in time." if own else f"Arrange the training for {_they(facts)}.",
            "Once the new date is entered, these messages stop by themselves.",
        ),
        why=_why(facts, "You get this because it is your certification."),
        reference=_reference(facts),
    )


def _leaving(facts: Facts) -> Words:
    own, things = facts.notice.to is To.HOLDER, ", ".join(facts.things)
    over = _over(facts)
    whose = "Your" if own else f"{facts.holder or 'Somebody'}'s"
    verb = "ended" if over else "ends"
    bring = "Bring it to any locker with a free door and tap your badge." if own else f"Ask {_they(facts)} to bring it."
    return Words(
        tone=Tone.LATE if over else Tone.REMINDER,
        headline=f"{whose} time here {verb} {_when(facts)}, and {things or 'something'} is still out",
        lead=f"{whose} time here {verb} {_when(facts)}. Still on loan: {things or 'something'}. "
        + ("Returning is possible, taking is not." if over else "Please see that it is back before then."),
        rows=_rows(facts, ("Still on loan", things), ("Time ends", _stamp(facts))),
        steps=(bring, "Returning is always possible, also after that." if own else _extend(facts)),
        why=_why(facts, "You get this because it is on loan to you."),
        reference=_reference(facts),
    )


def _extend(facts: Facts) -> str:
    return f"If {_they(facts)} stays longer, have the date changed; these messages stop then."


def _rows(facts: Facts, *rows: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    who = ("Who", "" if facts.notice.to is To.HOLDER else facts.holder)
    return tuple((label, value) for label, value in (who, *rows, ("Site", facts.site)) if value)


def _over(facts: Facts) -> bool:
    return facts.ends_at is not None and facts.now >= facts.ends_at


def _when(facts: Facts) -> str:
    """Return `on 5 December at 08:00, in 15 days`; the distance only where it lies ahead."""
    if facts.ends_at is None:
        return "soon"
    at = when(facts.ends_at, facts.now, facts.zone)
    return at if _over(facts) else f"{at}, in {length(facts.ends_at - facts.now)}"


def _stamp(facts: Facts) -> str:
    return stamp(facts.ends_at, facts.zone) if facts.ends_at is not None else ""


def _they(facts: Facts) -> str:
    return facts.holder or "the person"


def _why(facts: Facts, own: str) -> str:
    reasons = {
        To.HOLDER: own,
        To.SUPERVISOR: f"You get this because you supervise {facts.site or 'this site'}.",
        To.MANAGER: f"You get this because you are the manager of {_they(facts)}.",
    }
    return reasons[facts.notice.to] + late_remark(facts)


def _reference(facts: Facts) -> str:
    return f"Person {facts.notice.person} · {facts.notice.step}"
