"""How a bank answers a tap: the single thing it does, a choice, or why not (design.md, *Modes of a bank*)."""

from toolcrib.domain.doors import Mode
from toolcrib.domain.offers.option import Offer, Option, OptionKind
from toolcrib.domain.people import Holding
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal


class Choose(Record, frozen=True, kw_only=True):
    """The person chooses on the screen."""

    offer: Offer


class Sorry(Record, frozen=True, kw_only=True):
    """Nothing opens. Either a code with facts, or a rule's refusal in its own words."""

    code: str
    thing: str = ""
    refusal: Refusal | None = None
    no_room: Holding | None = None


Answer = Option | Choose | Sorry


def answer(offered: Offer, mode: Mode) -> Answer:
    """Return the one sensible thing, a choice, or a reason."""
    return _kiosk(offered) if mode is Mode.KIOSK else _express(offered)


def _express(offered: Offer) -> Answer:
    """No screen: a return before a take; a take only if exactly one type is on offer."""
    returns, takes = offered.of(OptionKind.RETURN), offered.of(OptionKind.TAKE)
    if returns:
        return returns[0]
    if offered.no_room:
        return _sorry(offered)
    if len(takes) == 1:
        return takes[0]
    return Sorry(code="choose_at_kiosk") if takes else _sorry(offered)


def _kiosk(offered: Offer) -> Answer:
    """A screen: the one sensible thing opens at once, unless somebody may still say that they did not take it."""
    sensible = [option for option in offered.options if option.kind is not OptionKind.HANDOVER]
    if not sensible:
        return Choose(offer=offered) if offered.refusals and not offered.no_room else _sorry(offered)
    only = sensible[0] if len(sensible) == 1 else None
    if (
        only is not None
        and only.kind in {OptionKind.TAKE, OptionKind.RETURN}
        and not only.needs
        and not only.asked.questions
        and only.borrower is None
    ):
        return only
    return Choose(offer=offered)


def _sorry(offered: Offer) -> Sorry:
    """Say the most useful reason: a thing that cannot be put anywhere, a rule, or that there is nothing."""
    if offered.no_room:
        return Sorry(code="not_here", thing=offered.no_room[0].name, no_room=offered.no_room[0])
    if offered.refusals:
        first = offered.refusals[0]
        return Sorry(code=first.refusal.code, thing=first.title, refusal=first.refusal)
    return Sorry(code="nothing_available")
