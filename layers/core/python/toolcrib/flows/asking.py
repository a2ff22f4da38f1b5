"""Somebody wants what others have to agree to and nobody is there: those who may agree are asked (row 13)."""

from toolcrib.domain import agreeing
from toolcrib.domain.authorise import Ask
from toolcrib.domain.change import Change
from toolcrib.domain.offers.option import Option
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.store.commit import commit
from toolcrib.store.people import find_people


def ask_others(ask: Ask, option: Option) -> None:
    """Ask others to agree to a take, once for a type and site until that is over; raises `LostRace`."""
    change = agreeing.ask_all(ask.org, ask.person, _wanted(ask, option), op=ask.upload, at=ask.at)
    if change is not None:
        commit_and_alert(ask.org, change)


def _wanted(ask: Ask, option: Option) -> list[agreeing.Wanted]:
    """Return what others have to agree to, by type: of a kit for each part that lacks it."""
    spends = option.spends
    lacks = {part.content.type: part.lacks for part in option.parts if part.lacks}
    if not option.parts and option.content is not None and spends is not None:
        lacks = {option.content.type: spends.demands}
    site = ask.bank.site
    return [agreeing.Wanted(type=kind, bank=ask.bank.id, site=site, demands=each) for kind, each in lacks.items()]


def forget_disabled(ask: Ask, approvers: tuple[str, ...]) -> None:
    """Take what people said who are disabled by now off the taker's profile: it counts no longer."""
    people, _ = find_people(ask.org, approvers, ())
    gone = frozenset(each for each in approvers if each not in people or not people[each].active)
    if not gone:
        return
    held = agreeing.without(ask.person, gone, ask.at)
    try:
        commit(ask.org, Change(op=ask.upload, at=ask.at, holdings=(held,)))
    except LostRace:  # the profile moved on: whoever looks again finds out again
        return
