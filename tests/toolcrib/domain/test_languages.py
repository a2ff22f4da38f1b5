"""Which language a tag stands for."""

import pytest

from toolcrib.domain.languages import SPOKEN, spoken


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("region", ["", "-AT", "_ch", "-Latn-PL"])
def test_a_language_is_known_with_any_region(language: str, region: str) -> None:
    assert spoken(f"{language}{region}") == spoken(f"{language.upper()}{region}") == language


@pytest.mark.parametrize("tag", ["", None, "nl", "english", "d", "-de", "zz-de"])
def test_no_other_language_is(tag: str | None) -> None:
    assert spoken(tag) is None
