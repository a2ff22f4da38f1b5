"""What can be done, what is refused, and the list of both."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import field

from toolcrib.domain.agreements import Acceptance, Wording
from toolcrib.domain.authorisers import Spent
from toolcrib.domain.change import Unchanged
from toolcrib.domain.doors import Bank, Content, Door, Mode
from toolcrib.domain.handing_over import Meeting
from toolcrib.domain.judges.finding import Need, Remark
from toolcrib.domain.kits import Part
from toolcrib.domain.people import Holding, Person
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.questions import Questioning
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rules import Verdict


class OptionKind(StrEnum):
    """What an option does."""

    TAKE = "take"
    RETURN = "return"
    NOT_TAKEN = "not_taken"
    NOT_RETURNED = "not_returned"
    RENEW = "renew"
    HANDOVER = "handover"


class Taking(Record, frozen=True, kw_only=True):
    """One thing that is to be taken: what the rules say of it, whose consent it `lacks`, what a screen `asked`."""

    content: Content
    verdict: Verdict
    lacks: tuple[Authorisers, ...] = ()
    asked: Questioning = field(default_factory=Questioning)


class Option(Record, frozen=True, kw_only=True):
    """One thing that can be done. `id` stays the same while the offer means the same; `needs` is still missing.

    `door` is the one that it concerns, None where no door has a part in it.
    `terms` is the text to be accepted next, `accepts` what was accepted by this very choice. `lacking`
    are the others who still have to agree, `spends` is what it uses up of what others agreed to.
    `meeting` is who takes what over from whom, `borrower` for whom it is done, where that is not who stands there.
    `remarks` tell which unit it is and why, and what to know of it. `unless` is what it rests on besides its door.
    `asked` is what a screen asks about the thing, and what was answered.
    Of a `kit`, `parts` are all that is taken and `back` the parts that are returned beside the first.
    """

    id: str
    kind: OptionKind
    title: str
    door: Door | None = None
    asset: str
    due_at: datetime | None = None
    loan: str | None = None
    content: Content | None = None
    verdict: Verdict | None = None
    needs: tuple[Need, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unless: tuple[Unchanged, ...] = ()
    terms: Wording | None = None
    accepts: Mapping[str, Acceptance] = field(default_factory=dict)
    lacking: tuple[Authorisers, ...] = ()
    spends: Spent | None = None
    meeting: Meeting | None = None
    borrower: Person | None = None
    asked: Questioning = field(default_factory=Questioning)
    kit: str | None = None
    parts: tuple[Taking, ...] = ()
    back: tuple[Part, ...] = ()

    @property
    def at_door(self) -> Door:
        """The door of an option that has one; raises `ValueError` for another."""
        if self.door is None:
            raise ValueError(self.id)
        return self.door


class Refused(Record, frozen=True, kw_only=True):
    """One thing that is there but not for this person now; `option` is the one it would be."""

    option: str
    title: str
    refusal: Refusal


class Offer(Record, frozen=True, kw_only=True):
    """Returns first, by due time; then takes by type, renewals, second thoughts. And what is refused, with why."""

    options: tuple[Option, ...] = ()
    refusals: tuple[Refused, ...] = ()
    no_room: tuple[Holding, ...] = ()

    def of(self, kind: OptionKind) -> tuple[Option, ...]:
        """Return the options of one kind."""
        return tuple(option for option in self.options if option.kind is kind)

    def option(self, option_id: str) -> Option | None:
        """Return an option by its id."""
        return next((option for option in self.options if option.id == option_id), None)

    def refusal(self, option_id: str) -> Refusal | None:
        """Return what is against an option, or what it still needs; None where it is free, or not there at all."""
        option = self.option(option_id)
        if option is not None:
            return _lacking(option)
        return next((refused.refusal for refused in self.refusals if refused.option == option_id), None)


def can_go_on(verdict: Verdict, bank: Bank) -> bool:
    """Whether a take can be offered: a screen can ask for what is still needed, an express bank cannot."""
    return verdict.allowed or (bool(verdict.needs) and bank.mode is Mode.KIOSK)


def _lacking(option: Option) -> Refusal | None:
    """What a rule still asks for comes first, then what the screen asks."""
    refusal = None if option.verdict is None else option.verdict.refusal
    if refusal is not None or Need.ANSWERS not in option.needs:
        return refusal
    detail = f"not answered: {', '.join(option.asked.missing)}"
    return Refusal(code="answers_required", detail=detail)
