"""Terms as records: versions, languages, and which acceptance stands."""

from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.judging import DRILL, NOW
from toolcrib.domain.agreements import (
    MOST_REMEMBERED,
    Acceptance,
    Agreement,
    accepted,
    applies,
    digest,
    reworded,
    stands,
    wording,
)
from toolcrib.domain.record import replace

TEXTS = {"en": "Bring it back.", "de": "Bring es zurück."}
HOUSE = reworded(Agreement(id="house", title="House rules", asset_types=("drill",), version=0), TEXTS)


def test_a_hash_is_of_the_text_in_utf_8() -> None:
    assert HOUSE.digests["de"] == sha256("Bring es zurück.".encode()).hexdigest()


@pytest.mark.parametrize(
    ("texts", "version"),
    [
        (TEXTS, 1),
        (dict(reversed(TEXTS.items())), 1),
        ({**TEXTS, "en": "Bring it back!"}, 2),
        ({**TEXTS, "fr": "Rapportez-le."}, 2),
        ({"en": TEXTS["en"]}, 2),
    ],
    ids=["the same", "in another order", "another text", "one more", "one less"],
)
def test_every_change_of_a_text_is_a_new_version(texts: dict[str, str], version: int) -> None:
    assert reworded(HOUSE, texts).version == version


@pytest.mark.parametrize(
    ("changes", "applied"),
    [
        ({}, True),
        ({"asset_types": ("saw",)}, False),
        ({"asset_types": (), "categories": ("tools",)}, True),
        ({"asset_types": ("saw",), "categories": ("tools",)}, True),
        ({"asset_types": (), "categories": ("it",)}, False),
        ({"asset_types": ()}, False),
        ({"active": False}, False),
    ],
)
def test_it_is_about_its_types_and_categories_while_active(changes: dict[str, object], *, applied: bool) -> None:
    assert applies(replace(HOUSE, **changes), DRILL) is applied


@pytest.mark.parametrize(
    ("language", "shown"),
    [("de", "de"), ("de-CH", "de"), ("en", "en"), ("fr", "en"), ("", "en")],
)
def test_it_is_shown_in_the_readers_language_else_in_english(language: str, shown: str) -> None:
    assert (wording(HOUSE, language).language, wording(HOUSE, language).sha256) == (shown, digest(TEXTS[shown]))


def test_without_english_it_is_shown_in_the_first_language_there_is() -> None:
    assert wording(reworded(HOUSE, {"pl": "Oddaj.", "fr": "Rapportez."}), "de").language == "fr"


def test_an_acceptance_stands_until_its_very_text_is_gone() -> None:
    mine = Acceptance(version=1, sha256=HOUSE.digests["en"], at=NOW)
    assert stands(HOUSE, mine)
    assert stands(reworded(HOUSE, {**TEXTS, "de": "Bringen Sie es zurück."}), mine)
    assert not stands(reworded(HOUSE, {**TEXTS, "en": "Bring it back clean."}), mine)
    assert not stands(HOUSE, None)


@given(st.integers(0, 80), st.integers(0, 80))
def test_a_profile_remembers_the_latest_that_fit(before: int, more: int) -> None:
    def some(name: str, count: int, later: int) -> dict[str, Acceptance]:
        return {
            f"{name}{each:02}": Acceptance(version=1, sha256="", at=NOW + timedelta(hours=later + each))
            for each in range(count)
        }

    old, new = some("o", before, 0), some("n", more, 1000)
    kept = accepted(old, new)
    assert len(kept) == min(MOST_REMEMBERED, before + more)
    assert set(kept) >= set(sorted(new, reverse=True)[:MOST_REMEMBERED])
