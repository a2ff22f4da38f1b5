"""The short form of G11: what is known to be nasty, and good inputs mangled; `long.py` looks where it leads further."""

import logging

import pytest
from hypothesis import given, settings

from chalicelib.deciding.badges import BadgeFormat, canonical
from edge.badges import UnreadableBadgeError, canonical_uid
from tests.proof.fuzzing.nasty import DEPTH, HUGE, WHOLE, mangled
from tests.proof.fuzzing.parser import Parser, understood
from tests.proof.fuzzing.table import PARSERS
from toolcrib.domain.refusals import Invalid

WHOLE_STORIES = frozenset(
    {
        "down message",
        "signed time",
        "devices function",
        "HTTP body",
        "HTTP query",
        "HTTP path and headers",
        "Slack callback",
    }
)
"""Where an input costs milliseconds, because somebody acts on it."""
MANY, FEW = 50, 20


@pytest.fixture(autouse=True)
def in_silence(caplog: pytest.LogCaptureFixture) -> None:
    """There is a word to be said about each."""
    caplog.set_level(logging.CRITICAL)


@pytest.fixture(params=[*PARSERS.values()], ids=[*PARSERS])
def parser(request: pytest.FixtureRequest) -> Parser:
    return request.param


def test_every_parser_understands_what_it_is_for_and_breaks_over_nothing(parser: Parser) -> None:
    with parser.opened() as feed:
        for seed in parser.seeds:
            assert understood(parser, feed, seed) or parser.name == "HTTP query", seed
        for nasty in WHOLE:
            understood(parser, feed, nasty)
            if nasty is not HUGE:
                understood(parser, feed, b"\x03" + nasty)

        @settings(
            max_examples=FEW if parser.name in WHOLE_STORIES else MANY, deadline=None, derandomize=True, database=None
        )
        @given(mangled(parser.seeds))
        def whatever_is_wrong_with_them(data: bytes) -> None:
            understood(parser, feed, data)

        whatever_is_wrong_with_them()


@given(mangled((b"04A2246B1F9080", b"0a:1b:2c:3d", b"DE AD be-ef")))
@settings(max_examples=100, derandomize=True, database=None)
def test_the_bank_reads_no_card_otherwise_than_the_cloud(data: bytes) -> None:
    """Or one person would have two badges (safety.md, threat 2)."""
    written = data.decode("utf-8", "replace")
    try:
        read = canonical_uid(written, "hex_msb")
    except UnreadableBadgeError:
        return
    try:
        assert canonical(written, BadgeFormat.HEX) == read
    except Invalid:
        assert not written.isascii() or set(written) & set("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"), (
            "blanks the API does not take"
        )


def test_what_is_nasty_is_deep_and_huge_enough() -> None:
    assert (DEPTH, len(HUGE) >= 10_000_000) == (100_000, True)
