"""Where anchoring goes on, and what does not fit among its parts."""

from datetime import timedelta
from typing import Any

from tests.support.workplace import NOW
from toolcrib.domain.anchoring import Manifest, Place, as_bytes, check_heads, check_part, digest_of, next_place
from toolcrib.domain.record import replace

TODAY = "2026-11-20"
PART = Manifest(org="acme", at=NOW, series=TODAY, part=1, last=False, heads={"a-1": (3, "h3"), "a-2": (1, "h1")})
KEY = f"acme/{TODAY}/00001.json"


def test_the_first_series_begins_with_nothing_before_it() -> None:
    assert next_place(None, "", NOW) == Place(series=TODAY, part=1, after=None, previous="")


def test_what_broke_off_is_continued_after_the_last_asset_even_on_a_later_day() -> None:
    for later in (NOW, NOW + timedelta(days=2)):
        assert next_place(PART, "digest", later) == Place(series=TODAY, part=2, after="a-2", previous="digest")


def test_a_day_is_anchored_once_and_the_next_day_goes_on() -> None:
    done = replace(PART, last=True)
    assert next_place(done, "digest", NOW) is None
    assert next_place(done, "digest", NOW - timedelta(days=1)) is None
    tomorrow = next_place(done, "digest", NOW + timedelta(days=1))
    assert tomorrow == Place(series="2026-11-21", part=1, after=None, previous="digest")


def test_a_part_that_fits_is_left_alone() -> None:
    assert list(check_part(KEY, PART, versions=1, before="")) == []
    assert list(check_heads(KEY, PART.heads, {("a-1", 3): "h3", ("a-2", 1): "h1"})) == []


def test_a_part_that_was_written_again_altered_moved_or_follows_another_is_named() -> None:
    def why(**more: Any) -> list[str]:
        given: dict[str, Any] = {"key": KEY, "part": PART, "versions": 1, "before": "", **more}
        return [fault.why for fault in check_part(**given)]

    assert why(versions=2) == ["it was written 2 times"]
    assert why(part=None) == ["it does not read as anchors"]
    assert why(key=KEY.replace("00001", "00002")) == [f"it says it is part 1 of {TODAY}"]
    assert why(before="another digest") == ["it does not follow the part before it"]


def test_an_anchored_head_that_is_gone_or_another_now_is_named() -> None:
    (gone,) = check_heads(KEY, PART.heads, {("a-1", 3): "h3"})
    (other,) = check_heads(KEY, PART.heads, {("a-1", 3): "hx", ("a-2", 1): "h1"})
    assert gone.why == "asset a-2 had event 1 then, and has not now"
    assert other.why == "asset a-1 had another event 3 then"


def test_any_change_of_a_part_changes_its_digest() -> None:
    others = [replace(PART, heads={}), replace(PART, part=2), replace(PART, last=True), replace(PART, previous="x")]
    assert len({digest_of(as_bytes(part)) for part in (PART, *others)}) == 5
