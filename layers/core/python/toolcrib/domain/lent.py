"""A loan together with whose it is and what it is about."""

from toolcrib.domain.assets import Asset
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Person
from toolcrib.domain.record import Record


class Lent(Record, frozen=True, kw_only=True):
    """`done` says that the operation which asks for a change of the loan has made it already."""

    loan: Loan
    person: Person
    asset: Asset
    done: bool = False
