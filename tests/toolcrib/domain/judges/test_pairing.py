"""Row 8: what excludes and what locks out."""

from typing import Any

import pytest

from tests.support.judging import NOW, book, subject
from tests.support.pairs import exclusive, lockout
from toolcrib.domain.doors import Content
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.judges.pairing import pairing
from toolcrib.domain.pairing import Pair, Whereabouts
from toolcrib.domain.people import Holding

UNIT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)


def held(kind: str, state: str = "open") -> Holding:
    return Holding(
        asset=f"{kind}-9",
        type=kind,
        name=kind.title(),
        state=state,
        bank="hq-01",
        door=1,
        site="hq",
        since=NOW,
        until=NOW,
    )


def judged(*pairs: Pair, others: tuple[Whereabouts, ...] = (), unit: bool = True, **person: Any) -> Finding:
    about = {"content": UNIT if unit else None}
    known = {"pairs": {each.id: each for each in pairs}, "whereabouts": {each.asset: each for each in others}}
    return pairing(subject(about=about, **person), book(**known))


EXCLUSIVE: list[tuple[str, Pair, dict[str, Holding], bool]] = [
    ("nothing is held", exclusive("drill", "saw"), {}, False),
    ("the other one is held", exclusive("drill", "saw"), {"l-1": held("saw")}, True),
    ("a take that is in flight counts", exclusive("drill", "saw"), {"l-1": held("saw", "pending")}, True),
    ("what was last seen with them counts", exclusive("drill", "saw"), {"x.saw-9": held("saw", "unconfirmed")}, True),
    ("one of the same type does not", exclusive("drill", "saw"), {"l-1": held("drill")}, False),
    ("something else does not", exclusive("drill", "saw"), {"l-1": held("laptop")}, False),
    ("a type against a category", exclusive("laptop", categories=("tools",)), {"l-1": held("laptop")}, True),
    ("its own category only", exclusive(categories=("tools", "it")), {"l-1": held("saw")}, False),
    ("another category", exclusive(categories=("tools", "it")), {"l-1": held("laptop")}, True),
    ("a type within its category is another side", exclusive("saw", categories=("tools",)), {"l": held("saw")}, True),
    ("what is wanted is not in it", exclusive("saw", "laptop"), {"l-1": held("saw")}, False),
    ("a type that nobody describes any more", exclusive("drill", "gone"), {"l-1": held("gone")}, False),
    ("out of use", exclusive("drill", "saw", active=False), {"l-1": held("saw")}, False),
]


@pytest.mark.parametrize(
    ("pair", "holdings", "refused"), [case[1:] for case in EXCLUSIVE], ids=[case[0] for case in EXCLUSIVE]
)
def test_exclusive(pair: Pair, holdings: dict[str, Holding], *, refused: bool) -> None:
    found = judged(pair, holdings=holdings)
    assert found.code == ("pair_conflict" if refused else None)


def there(asset: str = "key-1", *, is_in: bool = True) -> Whereabouts:
    return Whereabouts(asset=asset, name=asset.title(), is_in=is_in)


LOCKOUT: list[tuple[str, Pair, tuple[Whereabouts, ...], bool]] = [
    ("the other is in", lockout("drill-1", "key-1"), (there(),), False),
    ("the other is out", lockout("drill-1", "key-1"), (there(is_in=False),), True),
    ("nobody knows where the other is", lockout("drill-1", "key-1"), (), True),
    ("one of several is out", lockout("drill-1", "key-1", "key-2"), (there(), there("key-2", is_in=False)), True),
    ("all are in", lockout("drill-1", "key-1", "key-2"), (there(), there("key-2")), False),
    ("another pair's", lockout("drill-2", "key-1"), (there(is_in=False),), False),
    ("out of use", lockout("drill-1", "key-1", active=False), (there(is_in=False),), False),
]


@pytest.mark.parametrize(
    ("pair", "others", "refused"), [case[1:] for case in LOCKOUT], ids=[case[0] for case in LOCKOUT]
)
def test_lockout(pair: Pair, others: tuple[Whereabouts, ...], *, refused: bool) -> None:
    assert judged(pair, others=others).code == ("pair_conflict" if refused else None)


def test_a_lockout_is_about_units_not_types() -> None:
    assert judged(lockout("drill-1", "key-1"), unit=False).code is None


def test_it_says_what_is_in_the_way() -> None:
    found = judged(lockout("drill-1", "key-1"), others=(there(is_in=False),))
    assert (found.says, found.facts) == ("pair_conflict.lockout", {"thing": "Drill 1", "other": "Key-1"})
    assert found.detail == "key-1 is out, or may be, and locks drill-1"
    other = judged(exclusive("drill", "saw"), holdings={"l-1": held("saw")})
    assert (other.says, other.facts) == ("pair_conflict.exclusive", {"thing": "Drill 1", "other": "Saw"})
    assert other.detail == "saw-9 is held, and pair x excludes drill"


def test_it_names_what_is_wanted_by_its_type_where_no_unit_is_at_hand() -> None:
    found = judged(exclusive("drill", "saw"), unit=False, holdings={"l-1": held("saw")})
    assert found == Finding(
        code="pair_conflict",
        detail="saw-9 is held, and pair x excludes drill",
        says="pair_conflict.exclusive",
        facts={"thing": "Drill", "other": "Saw"},
    )


def test_it_names_what_locks_by_its_id_where_nobody_knows_it() -> None:
    assert judged(lockout("drill-1", "key-1")).facts == {"thing": "Drill 1", "other": "key-1"}


def test_where_nothing_is_in_the_way_it_says_whether_anything_is_paired_at_all() -> None:
    assert judged() == Finding(detail="nothing is paired")
    assert judged(exclusive("drill", "saw")) == Finding(detail="nothing it is paired with is out")
