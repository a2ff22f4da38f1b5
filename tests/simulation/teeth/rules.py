"""Bugs of the circulation rules, planted as those of safety.md are: a race nobody stops, a rule that is not asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

from toolcrib.domain import rules
from toolcrib.domain.offers import returns
from toolcrib.domain.people import entitled
from toolcrib.domain.pins import reset
from toolcrib.flows import second_factor
from toolcrib.store import commit


@contextmanager
def allowance_unguarded() -> Iterator[None]:
    """A take is committed whatever has become of the profile that it was judged by."""
    holdings = commit._holdings

    def anyhow(write: Any, org: str, held: Any) -> None:
        holdings(write, org, msgspec.structs.replace(held, expected_version=None))

    with patch.object(commit, "_holdings", anyhow):
        yield


@contextmanager
def returns_need_rights() -> Iterator[None]:
    """Whoever may take nothing may bring nothing back either."""
    offered = returns.offered

    def rightly(person: Any, bank: Any, book: Any, at: Any, *more: Any) -> Any:
        return offered(person, bank, book, at, *more) if entitled(person, at) and not person.blocks else ((), ())

    with patch.object(returns, "offered", rightly):
        yield


@contextmanager
def terms_not_asked() -> Iterator[None]:
    """Nobody has to accept anything."""
    with patch.object(
        rules, "PROOFS", {row: judge for row, judge in rules.PROOFS.items() if row is not rules.Row.TERMS}
    ):
        yield


@contextmanager
def pairs_not_asked() -> Iterator[None]:
    """What locks what is forgotten."""
    with patch.object(
        rules, "RIGHTS", {row: each for row, each in rules.RIGHTS.items() if row is not rules.Row.PAIRING}
    ):
        yield


@contextmanager
def guesses_uncounted() -> Iterator[None]:
    """A PIN is compared without being counted first."""
    with patch.object(second_factor, "counted", lambda pin, *_: reset(pin)):
        yield


RULE_BUGS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "allowance without a condition": allowance_unguarded,
    "returns only for those who may take": returns_need_rights,
    "terms that nobody is asked for": terms_not_asked,
    "pairs that nobody looks at": pairs_not_asked,
    "guesses that are not counted": guesses_uncounted,
}
"""By what is wrong."""
