"""Custody events and their chain: every change is one event, and no event can be changed unseen (I2, I3, threat 33)."""

from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.records import any_of
from tests.support.workplace import NOW, drill
from toolcrib.domain.assets import Custodian
from toolcrib.domain.events import Cause, CustodyEvent, as_record, canonical, created, digest, instant, move, replay
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import WrongState
from toolcrib.domain.states import Move, State

CAUSE = Cause(op="op-1", at=NOW, evidence=Evidence.TAGS, person="p-1", bank="hq-01", door=1, grant="g-1")
HERE = Custodian.at_door("hq-01", 1)
CODES = st.text(st.characters(codec="ascii"), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(any_of(CustodyEvent, detail=st.dictionaries(CODES, st.text(max_size=12), max_size=3)))
def test_our_canonical_json_is_rfc_8785_as_an_independent_implementation_has_it(event: CustodyEvent) -> None:
    record = as_record(event)
    bare = {key: value for key, value in record.items() if key != "hash"}
    assert canonical(record) == rfc8785.dumps(bare)


def test_a_hash_is_sha_256_over_all_of_the_event_but_the_hash() -> None:
    _, event = created(drill(), CAUSE)
    assert event.hash == sha256(canonical(as_record(event))).hexdigest() == digest(replace(event, hash="other"))


@pytest.mark.parametrize("field", [field for field in CustodyEvent.__struct_fields__ if field != "hash"])
def test_no_field_of_an_event_can_be_changed_without_its_hash(field: str) -> None:
    _, event = created(drill(), CAUSE)
    other: dict[str, Any] = {
        "seq": 2,
        "at": NOW.replace(year=2027),
        "move": Move.FOUND,
        "state": State.LOST,
        "from_": HERE,
        "to": HERE,
        "door": 9,
        "evidence": Evidence.DECLARED,
        "detail": {"by": "x"},
    }
    assert digest(replace(event, **{field: other.get(field, "other")})) != event.hash


def test_events_count_from_one_and_each_names_the_one_before() -> None:
    asset, first = created(drill(), CAUSE)
    asset, second = move(asset, Move.STOW, to=HERE, cause=CAUSE)
    asset, third = move(asset, Move.TAKEN, to=Custodian.person("p-1"), cause=CAUSE, loan="l-1")
    assert [event.seq for event in (first, second, third)] == [1, 2, 3]
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == ("", first.hash, second.hash)
    assert (asset.version, asset.head, asset.loan) == (3, third.hash, "l-1")
    assert third.from_ == HERE


def test_replaying_its_events_gives_exactly_the_asset() -> None:
    blank = drill(custodian=Custodian.nobody())
    asset, first = created(drill(), CAUSE)
    asset, second = move(asset, Move.DECLARE_MISSING, to=Custodian.nobody(), cause=CAUSE, case="c-1")
    for event in (first, second):
        blank = replay(blank, event)
    assert blank == asset


def test_a_move_that_the_table_does_not_have_makes_no_event() -> None:
    asset, _ = created(drill(), CAUSE)
    with pytest.raises(WrongState):
        move(asset, Move.HAND_OVER, to=HERE, cause=CAUSE)


def test_an_event_is_shown_with_its_times_to_the_millisecond_and_nothing_but_plain_values() -> None:
    _, event = created(drill(), CAUSE)
    record = as_record(event)
    assert record["at"] == "2026-11-20T09:00:00.000Z" == instant(NOW)
    assert record["from"] == {"kind": "nobody", "id": None, "door": None}
    assert set(record) >= {
        "seq",
        "at",
        "move",
        "asset",
        "from",
        "to",
        "person",
        "bank",
        "door",
        "grant",
        "evidence",
        "op",
        "detail",
        "prev_hash",
        "hash",
    }
