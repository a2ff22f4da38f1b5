"""What a bank says, read as a person would: a sentence for everything that can happen, no placeholder left over."""

import re
from itertools import chain

import pytest

from tests.support.workplace import NOW
from toolcrib.domain.offers.option import OptionKind
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.rules import ADVICE
from toolcrib.flows.choice import SAID
from toolcrib.send.bank_words import WORDS, notice, refusal_words, words
from toolcrib.send.screens import TITLES

FACTS = {
    "thing": "Drill {1}",
    "door": "3",
    "due_at": NOW.isoformat(),
    "site": "hq",
    "elsewhere": "HQ 2 has a free door.",
}


@pytest.mark.parametrize("code", WORDS)
def test_every_code_is_one_short_plain_paragraph(code: str) -> None:
    text = words(code, FACTS)
    assert re.fullmatch(r"[A-Z].{5,140}[.]", text), text
    assert "{due}" not in text


def test_a_due_time_is_told_in_the_sites_time() -> None:
    assert words("taken", FACTS, time_zone="Europe/Berlin") == "Drill {1} is yours until Fri 20 Nov, 10:00."
    assert "05:30" in words("taken", FACTS, time_zone="America/St_Johns")


def test_everything_a_door_can_come_to_has_its_words() -> None:
    told = {"taken", "not_taken", "wrong_item", "returned", "not_returned", "other_returned", "unknown_tag"}
    told |= {"return_unconfirmed", "not_opened", "jammed", "left_open", *SAID.values()}
    assert told <= WORDS.keys()


def test_every_kind_of_option_has_its_title() -> None:
    assert set(TITLES) == set(OptionKind)


@pytest.mark.parametrize("code", ADVICE)
def test_a_refusal_says_what_was_compared_and_what_to_do(code: str) -> None:
    said = refusal_words(Refusal(code=code, detail="2 of at most 2 in total (policy p)", advice=ADVICE[code]))
    assert said.startswith("2 of at most 2 in total (policy p). ")
    assert said.endswith(".")


def test_a_refusal_that_compared_nothing_says_what_to_do_only() -> None:
    assert refusal_words(Refusal(code="x", advice="Try again.")) == "Try again."


def test_a_notice_names_what_it_answers() -> None:
    said = notice("01J", "warn", "left_open", {"door": "3"})
    assert (said.re, said.level, said.code, said.text) == ("01J", "warn", "left_open", "Please close door 3.")


def test_no_word_is_used_for_two_things() -> None:
    texts = list(chain(WORDS.values()))
    assert len(set(texts)) == len(texts)
