"""Somebody wants what others have to agree to and nobody is there: those who may agree are asked (row 13)."""

from toolcrib.domain import agreeing
from toolcrib.domain.authorise import Ask
from toolcrib.domain.change import Change
from toolcrib.domain.offers.option import Option
from toolcrib.domain.refusals import LostRace
from toolcrib.store.commit import commit
from toolcrib.store.people import find_people


def ask_others(ask: Ask, option: Option) -> None:
    """Ask others to agree to a take, once for a type and site until that is over; raises `LostRace`."""
    content, spends = option.content, option.spends
    if content is None or spends is None:
        return
    wanted = agreeing.Wanted(type=content.type, bank=ask.bank.id, site=ask.bank.site, demands=spends.demands)
    change = agreeing.ask(ask.org, ask.person, wanted, op=ask.upload, at=ask.at)
    if change is not None:
        commit(ask.org, change)


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
