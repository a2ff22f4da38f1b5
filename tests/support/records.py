"""Any record there can be, for Hypothesis: made from the fields' types, with the limits that the tables have."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.authorisers import Awaiting
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Bank, Content, Door, Grant
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Badge, Holding, LastReturn, LastTake, Person, Shift
from toolcrib.domain.policies import Authorisers, Curfew, Moment, Period, Repeat, Step, Terms

Record = TypeVar("Record", bound=msgspec.Struct)

KINDS: tuple[type[msgspec.Struct], ...] = (
    Custodian,
    Content,
    Grant,
    Holding,
    LastTake,
    LastReturn,
    Repeat,
    Step,
    Curfew,
    Period,
    Terms,
    Authorisers,
    Awaiting,
    Asset,
    Door,
    Bank,
    Person,
    Badge,
    Loan,
    Case,
    Notice,
    CustodyEvent,
)

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
milliseconds = st.integers(min_value=0, max_value=4_000_000_000_000)
instants = milliseconds.map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC).replace(microsecond=ms % 1000 * 1000))

ids = st.text("abcXYZ019._-", min_size=1, max_size=8)
minutes = st.integers(min_value=0, max_value=60_000_000).map(lambda count: datetime.fromtimestamp(60 * count, UTC))
shifts = st.builds(
    lambda starts, length, groups: Shift(starts=starts, ends=starts + length * timedelta(minutes=1), groups=groups),
    minutes,
    st.integers(1, 24 * 60),
    st.lists(ids, max_size=3).map(tuple),
)
"""Shifts are of whole minutes, and stand in their order."""
in_order = st.lists(shifts, max_size=4).map(
    lambda some: tuple(sorted(some, key=lambda shift: (shift.starts, shift.ends, shift.groups)))
)

moments = st.lists(st.sampled_from(Moment), min_size=1, max_size=2).map(tuple)
"""Nobody asks for others at no moment at all."""

OWN: dict[type, dict[str, st.SearchStrategy[Any]]] = {Person: {"shifts": in_order}, Authorisers: {"on": moments}}
"""Fields that may not have just any value of their type."""


def any_of(kind: type[Record], **more: Any) -> st.SearchStrategy[Record]:
    """Return any record of a kind; `more` are strategies of some of its fields."""
    more = {**OWN.get(kind, {}), **more}
    given = {field.name: more.get(field.name, _of(field.type)) for field in msgspec.structs.fields(kind)}
    return st.fixed_dictionaries(given).map(lambda values: kind(**values))


def _of(kind: Any) -> st.SearchStrategy[Any]:
    """Return any value of a field's type; a mapping is a dict, as it comes out of the table."""
    if get_origin(kind) is Mapping:
        return st.dictionaries(words, st.from_type(get_args(kind)[1]), max_size=3)
    return st.from_type(kind)


def register() -> None:
    """Tell Hypothesis how each kind is made."""
    st.register_type_strategy(str, words)
    st.register_type_strategy(int, st.integers(min_value=0, max_value=2**53 - 1))
    st.register_type_strategy(float, st.integers(min_value=-(10**6), max_value=10**6).map(lambda n: n / 8))
    st.register_type_strategy(datetime, instants)
    st.register_type_strategy(date, st.dates())
    st.register_type_strategy(time, st.times().map(lambda at: at.replace(second=0, microsecond=0)))
    st.register_type_strategy(timedelta, st.integers(min_value=-(10**6), max_value=10**6).map(_seconds))
    for kind in KINDS:
        st.register_type_strategy(kind, any_of)


def _seconds(count: int) -> timedelta:
    return timedelta(seconds=count)


register()
