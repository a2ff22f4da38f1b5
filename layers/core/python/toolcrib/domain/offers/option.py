"""What can be done, what is refused, and the list of both."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.doors import Content, Door
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.people import Holding
from toolcrib.domain.record import Record
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rules import Verdict


class OptionKind(StrEnum):
    """What an option does."""

    TAKE = "take"
    RETURN = "return"
    NOT_TAKEN = "not_taken"
    NOT_RETURNED = "not_returned"


class Option(Record, frozen=True, kw_only=True):
    """One thing that can be done. `id` stays the same while the offer means the same; `needs` is still missing."""

    id: str
    kind: OptionKind
    title: str
    door: Door
    asset: str
    due_at: datetime | None = None
    loan: str | None = None
    content: Content | None = None
    verdict: Verdict | None = None
    needs: tuple[Need, ...] = ()
    note: str | None = None


class Refused(Record, frozen=True, kw_only=True):
    """One thing that is there but not for this person now."""

    title: str
    refusal: Refusal


class Offer(Record, frozen=True, kw_only=True):
    """Returns first, by due time; then takes by type; then second thoughts. And what is refused, with why."""

    options: tuple[Option, ...] = ()
    refusals: tuple[Refused, ...] = ()
    no_room: tuple[Holding, ...] = ()

    def of(self, kind: OptionKind) -> tuple[Option, ...]:
        """Return the options of one kind."""
        return tuple(option for option in self.options if option.kind is kind)

    def option(self, option_id: str) -> Option | None:
        """Return an option by its id."""
        return next((option for option in self.options if option.id == option_id), None)
