"""An answer at a screen that means a fault: it is reported with the very choice it came with (rules.md, row 7).

What is brought back comes in whatever is said of it. What somebody was about to take and calls broken stays shut in.
"""

from toolcrib.domain.authorise import Ask
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.ids import derived, loan_of
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.reported_faults import MOST_DETAIL, reported
from toolcrib.domain.upkeep import Condition
from toolcrib.flows.deciding import commit_and_alert
from toolcrib.send.apologies import refused
from toolcrib.send.banks import publish
from toolcrib.send.words.reader import Reader
from toolcrib.store.assets import load_asset
from toolcrib.store.cases import find_case
from toolcrib.store.standings import load_standing
from toolcrib.telemetry import count


def with_fault(ask: Ask, option: Option, change: Change) -> Change:
    """Return the change that opens a door, and with it the fault that an answer means, bound to its grant."""
    if option.asked.condition is Condition.OK or change.command is None:
        return change
    grant = change.command.grant.id
    return _reported(ask, option, change, _case(ask, option, grant=grant, loan=loan_of(grant)))


def stays(option: Option) -> bool:
    """Whether what is about to be taken is called broken: it is not lent, also not to whoever says so."""
    return option.kind is OptionKind.TAKE and option.asked.condition is Condition.CRITICAL


def keep(ask: Ask, option: Option, reader: Reader) -> str:
    """Take it out of use and say that it stays; a copy of the same choice finds its case and says nothing new."""
    case = _case(ask, option)
    known = find_case(ask.org, case.id)
    if known is None:
        commit_and_alert(ask.org, _reported(ask, option, Change(op=case.id, at=ask.at), case))
    thing = load_asset(ask.org, (known or case).asset or option.asset)
    publish(ask.org, ask.bank.id, refused(ask.upload, Refusal(code="faulty", facts={"thing": thing.name}), reader))
    count("Refusals", code="faulty")
    return "faulty"


def _reported(ask: Ask, option: Option, change: Change, case: Case) -> Change:
    opening = replace(change, cases=(*change.cases, case))
    count("Faults", severity=str(option.asked.condition))
    return reported(opening, load_standing(ask.org, option.asset), option.asked.condition, case.id)


def _case(ask: Ask, option: Option, *, grant: str | None = None, loan: str | None = None) -> Case:
    asked = option.asked
    return Case(
        id=derived("case", str(CaseKind.FAULT), ask.bank.id, ask.upload, "answers"),
        kind=CaseKind.FAULT,
        opened_at=ask.at,
        site=ask.bank.site,
        asset=option.asset,
        person=ask.person.id,
        loan=loan,
        bank=ask.bank.id,
        door=option.at_door.number,
        grant=grant,
        detail=f"{asked.condition}: {asked.told}"[:MOST_DETAIL],
        severity=asked.condition,
        answers=asked.answers,
    )
