"""A notice in words."""

from tests.support.workplace import NOW
from toolcrib.send.bank_words import notice
from toolcrib.send.words.reader import Reader


def test_a_notice_names_what_it_answers_and_speaks_the_readers_language() -> None:
    said = notice("01J", "warn", "left_open", {"door": "3"}, Reader(language="de", now=NOW))
    assert (said.re, said.level, said.code, said.text) == ("01J", "warn", "left_open", "Bitte schließen Sie Fach 3.")
