"""Whom a sentence is for."""

import pytest

from tests.support.workplace import NOW, person, site
from toolcrib.send.words.reader import Reader, reader, reader_of


@pytest.mark.parametrize(
    ("theirs", "spoken"), [("pl", "pl"), ("de-AT", "de"), ("ES_mx", "es"), ("nl", "en"), ("", "en"), ("en-GB", "en")]
)
def test_people_are_spoken_to_in_their_language_or_in_english(theirs: str, spoken: str) -> None:
    assert reader(person(language=theirs), site(language="fr"), NOW).language == spoken


def test_whoever_is_not_known_is_spoken_to_in_the_sites_language() -> None:
    assert reader(None, site(language="fr"), NOW) == Reader(language="fr", zone="Europe/Berlin", now=NOW)
    assert reader_of(None, site(language="fr"), NOW).language == "fr"


def test_where_not_even_the_site_is_known_it_is_english_and_utc() -> None:
    assert reader(None, None, NOW) == Reader(language="en", zone="UTC", now=NOW)
