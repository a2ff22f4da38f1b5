"""Report numbers that never came: each gap is told once, nothing that came is (safety.md, I9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolcrib.domain.gaps import Seq, look


@pytest.mark.parametrize(
    ("checkpoint", "seen", "complete", "missing"),
    [
        (None, [], None, ()),
        (None, [(1, 1), (1, 2)], (1, 2), ()),
        (None, [(1, 2)], (1, 2), ((1, 1),)),
        ((1, 2), [], (1, 2), ()),
        ((1, 2), [(1, 3), (1, 5)], (1, 5), ((1, 4),)),
        ((1, 2), [(2, 1)], (2, 1), ()),
        ((1, 2), [(2, 3)], (2, 3), ((2, 1), (2, 2))),
        ((2, 1), [(1, 7)], (2, 1), ()),
        ((1, 5), [(1, 5), (1, 4)], (1, 5), ()),
        ((1, 1), [(2, 2), (3, 2)], (3, 2), ((2, 1), (3, 1))),
    ],
)
def test_what_is_missing(
    checkpoint: Seq | None, seen: list[Seq], complete: Seq | None, missing: tuple[Seq, ...]
) -> None:
    found = look(checkpoint, seen)
    assert (found.checkpoint, found.missing) == (complete, missing)


seqs = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 12)), max_size=20)


@given(seqs)
def test_what_came_is_never_missing_and_copies_and_order_do_not_matter(seen: list[Seq]) -> None:
    found = look(None, seen)
    assert not set(found.missing) & set(seen)
    assert look(None, [*reversed(seen), *seen]) == found


@given(seqs, seqs)
def test_no_gap_is_told_twice(first: list[Seq], then: list[Seq]) -> None:
    one = look(None, first)
    two = look(one.checkpoint, [each for each in then if one.checkpoint is None or each > one.checkpoint])
    assert not set(one.missing) & set(two.missing)
