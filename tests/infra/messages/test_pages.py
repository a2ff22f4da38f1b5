"""Every text in every language says what it must, and the pages that show them are those of the source."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from infra.messages.app import Facts, Message, word
from infra.messages.pages import example_link, pages
from infra.messages.samples import Sample, samples
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.reactions import Reaction

SAMPLES = list(samples())
OF_ONE = [sample for sample in SAMPLES if sample.facts.summary is None]
EVERY = [pytest.param(sample, language, id=f"{sample.kind}-{language}") for sample in SAMPLES for language in SPOKEN]
of_every_text = pytest.mark.parametrize(("sample", "language"), EVERY)
of_every_text_about_one = pytest.mark.parametrize(
    ("sample", "language"), [each for each in EVERY if each.values[0] in OF_ONE]
)
NO_PLACE = {
    "handover",
    "handed_over",
    "certification",
    "certification-supervisor",
    "certification-over",
    "leaving",
    "left",
}


def told(sample: Sample, language: str) -> tuple[Facts, Message]:
    facts = sample.in_language(language)
    return facts, word(facts, example_link)


def test_the_pages_are_those_of_the_source() -> None:
    old = [path.name for path, text in pages().items() if not path.exists() or path.read_text() != text]
    assert not old, "run `make docs`"


def test_there_is_a_sample_of_every_kind_of_case_and_every_reaction_to_a_loan() -> None:
    assert {sample.kind for sample in SAMPLES} >= set(CaseKind)
    offered = {reaction for sample in SAMPLES for reaction in sample.facts.actions}
    assert offered >= set(Reaction) - {Reaction.EXTEND}


@of_every_text_about_one
def test_it_says_what_and_who_is_meant(sample: Sample, language: str) -> None:
    facts, message = told(sample, language)
    assert (facts.thing or facts.certification or facts.things[0]) in message.text
    if facts.notice.to != "holder" or facts.notice.step == "handover":
        assert "Maya Lind" in message.text


@of_every_text_about_one
def test_it_says_since_when_on_the_sites_clock(sample: Sample, language: str) -> None:
    facts, message = told(sample, language)
    since = facts.case.opened_at if facts.case else facts.loan.due_at if facts.loan else facts.ends_at
    since = facts.request.until if facts.request else since  # it is to be answered, or to be used, by then
    assert since is not None
    if sample.kind not in {"handover", "handed_over"}:  # those tell until when, and from when on
        assert f"{since.astimezone(facts.zone):%H:%M}" in message.text


@of_every_text_about_one
def test_it_says_where(sample: Sample, language: str) -> None:
    _, message = told(sample, language)
    assert sample.kind in NO_PLACE or "hq-01" in message.text


@pytest.mark.parametrize("language", SPOKEN)
def test_a_digest_names_what_it_counts_and_where_it_ends(language: str) -> None:
    digests = [sample for sample in SAMPLES if sample.facts.summary is not None]
    assert {sample.kind for sample in digests} == {"daily", "weekly"}
    for sample in digests:
        message = word(sample.in_language(language), unsubscribe="https://toolcrib.example/leave")
        for fact in ("Thermal camera 2", "Maya Lind", "Drill 7", "Torque wrench 2", "Radio 4", "20 %", "hq-01", ": 14"):
            assert fact in message.text
        assert "https://toolcrib.example/leave" in message.text
        assert "https://toolcrib.example/leave" in message.html
        assert message.unsubscribe == "https://toolcrib.example/leave"


@of_every_text
def test_it_says_what_to_do_and_what_to_press(sample: Sample, language: str) -> None:
    facts, message = told(sample, language)
    assert message.text.count("\n* ") >= 1
    assert message.html.count('class="button"') == len(facts.actions) == message.text.count("\n> ")


@of_every_text
def test_nothing_in_it_is_left_open_or_said_in_english(sample: Sample, language: str) -> None:
    facts, message = told(sample, language)
    _, english = told(sample, "en")
    assert not re.search(r"[{}]|None|\bthe\b" if language != "en" else r"[{}]|None", message.text)
    assert "  " not in message.text.replace("\n  https", "\nhttps")
    assert language == "en" or message.subject != english.subject
    assert facts.speech.language == language


@of_every_text
def test_the_lockers_part_of_a_lateness_is_named(sample: Sample, language: str) -> None:
    facts, message = told(sample, language)
    if facts.loan is None or not facts.loan.excused:
        return
    minutes = facts.loan.excused // timedelta(minutes=1)
    assert re.search(rf"\b{minutes}\b|\b{minutes // 60}\b", message.text)


@of_every_text
def test_the_mail_loads_nothing_runs_nothing_and_is_no_smaller_than_can_be_read(sample: Sample, language: str) -> None:
    _, message = told(sample, language)
    found = _Elements()
    found.feed(message.html)
    assert not {"script", "img", "link", "iframe", "form"} & set(found.names)
    assert f'lang="{language}"' in message.html
    assert '<meta name="color-scheme" content="light dark">' in message.html
    assert min(int(size) for size in re.findall(r"font-size:(\d+)px", message.html)) >= 13
    assert len(message.html.encode()) < 100_000  # beyond that a well-known mail client cuts it off
    assert "url(" not in message.html


@pytest.mark.parametrize("language", SPOKEN)
def test_no_two_messages_have_the_same_subject_one_after_the_other(language: str) -> None:
    subjects = [told(sample, language)[1].subject for sample in SAMPLES if sample.kind in set(CaseKind)]
    assert all(one != other for one, other in pairwise(sorted(subjects)))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
