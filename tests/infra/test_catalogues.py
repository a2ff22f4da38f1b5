"""The catalogues are complete: every sentence in every language, with the same facts in it, and nothing left over."""

import re
from ast import Call, Constant, parse, walk
from itertools import combinations
from string import Formatter

import pytest
from babel.messages.catalog import Message

from infra.catalogues.extracting import extracted
from infra.catalogues.files import read
from infra.catalogues.places import BOOKS, Book
from toolcrib.domain.languages import ENGLISH, SPOKEN

TRANSLATED = [language for language in SPOKEN if language != ENGLISH]
in_every_language = pytest.mark.parametrize(
    ("book", "language"), [(book, language) for book in BOOKS for language in TRANSLATED], ids=lambda of: str(of)[:40]
)


def texts(of: str | tuple[str, ...] | list[str]) -> list[str]:
    return [of] if isinstance(of, str) else list(of)


def facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def messages(book: Book, language: str) -> list[Message]:
    return [each for each in read(book.file(language)) if each.id]


def marked(book: Book) -> set[str]:
    return {texts(message.id)[0] for message in extracted(book) if message.id}


def untold(message: Message) -> bool:
    """Whether a translation is missing, waits for a second look, or tells other facts than the English sentence."""
    same = all(facts(text) == facts(texts(message.id)[-1]) for text in texts(message.string))
    return message.fuzzy or not all(texts(message.string)) or not same


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.domain)
def test_there_is_a_catalogue_for_every_language_but_english(book: Book) -> None:
    assert book.files() == sorted(book.file(language) for language in TRANSLATED)


@in_every_language
def test_the_sentences_of_the_source_are_in_it_and_no_others(book: Book, language: str) -> None:
    assert {texts(message.id)[0] for message in messages(book, language)} == marked(book), "run `make words`"


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.domain)
def test_nothing_is_said_where_the_extractor_does_not_look(book: Book) -> None:
    """Inside of an f-string it finds nothing."""
    calls = (
        node
        for path in book.source.rglob("*.py")
        for node in walk(parse(path.read_text()))
        if isinstance(node, Call) and node.args and isinstance(node.args[0], Constant)
    )
    names = ((getattr(call.func, "attr", getattr(call.func, "id", "")), call.args[0]) for call in calls)
    said = {str(text.value) for name, text in names if name in {"say", "sentence"} and isinstance(text, Constant)}
    assert said <= marked(book)


@in_every_language
def test_every_sentence_is_translated_and_tells_the_same_facts(book: Book, language: str) -> None:
    assert [message.id for message in messages(book, language) if untold(message)] == []


@in_every_language
def test_translations_are_typed_with_care(book: Book, language: str) -> None:
    for message in messages(book, language):
        for text in texts(message.string):
            assert not re.search(r"\s{2}|^\s|\s$|\s[.,]", text), text
            assert text[-1] in {".", "}"} or texts(message.id)[0][-1] != ".", text
            assert text[-1] == "?" or texts(message.id)[0][-1] != "?", text


@pytest.mark.parametrize(
    "wrong",
    [
        Message("{thing} is back.", ""),
        Message("{thing} is back.", "Es ist zurück."),
        Message("{thing} is back.", "{things} ist zurück."),
        Message("{thing} is back.", "{thing} ist zurück.", flags={"fuzzy"}),
        Message(("{count} thing", "{count} things"), ("{count} Ding", "")),
        Message(("{count} thing", "{count} things"), ("ein Ding", "{count} Dinge")),
    ],
)
def test_what_is_wrong_would_be_noticed(wrong: Message) -> None:
    assert untold(wrong)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.domain)
def test_no_language_borrows_the_sentences_of_another(book: Book) -> None:
    """A short word may be the same in two languages, a sentence is not."""
    said = {
        language: {texts(each.id)[0]: texts(each.string) for each in messages(book, language)}
        for language in TRANSLATED
    }
    borrowed = [
        (one, other, text)
        for one, other in combinations(TRANSLATED, 2)
        for text in said[one]
        if said[one][text] == said[other].get(text) and len(re.findall(r"\w{3,}", re.sub(r"{.*?}", "", text))) > 1
    ]
    assert borrowed == []
