"""Nothing that people typed becomes markup, in Slack or in mail, whatever they typed (threat 27)."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.notices.wording import word
from chalicelib.notices.wording.facts import Facts, gathered
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice, about_a_case, about_a_loan
from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site
from toolcrib.send.slack_text import NAME_LENGTH, shown

NASTY = (
    "<!channel> <@U1> <http://evil.example|click> & *bold* :smile: </td><script>alert(1)</script> \r\nBcc: x@y.z \u202e"
)
typed = st.text(max_size=400) | st.lists(
    st.sampled_from(["<", ">", "&", "&lt;", "\n", "\u202e", "a"]), max_size=200
).map("".join)


def named(name: str) -> Facts:
    """Everything that can carry what somebody typed, carrying it."""
    person = Person(id="p-1", name=name)
    return gathered(
        a_notice(),
        a_loan(),
        asset=Asset(id="cam-2", type="t", name=name, custodian=Custodian.nobody()),
        asset_type=AssetType(id="t", name=name, category="c"),
        holder=person,
        reader=person,
        site=Site(id="hq", name=name, time_zone="Europe/Berlin"),
        now=DUE + 2 * HOUR,
    )


@settings(deadline=None, derandomize=True)
@given(name=typed)
@example(name=NASTY)
@example(name="&" * 400)
def test_no_name_reaches_slack_as_markup(name: str) -> None:
    message = word(named(name))
    for text in [*texts(message.blocks), message.summary]:
        assert "<" not in text
        assert ">" not in text
        assert not re.search(r"&(?!(amp|lt|gt);)", text)
    assert all(block["type"] == "plain_text" for block in objects(message.blocks))
    assert not any(block["emoji"] for block in objects(message.blocks))


@settings(deadline=None, derandomize=True)
@given(name=typed)
@example(name=NASTY)
@example(name="&" * 400)
def test_slacks_limits_hold(name: str) -> None:
    message = word(named(name))
    assert len(message.blocks[0]["text"]["text"]) <= 150
    assert all(0 < len(text) <= 2000 for text in texts(message.blocks))
    assert len(message.summary) <= 3000
    json.dumps(message.blocks).encode()


@settings(deadline=None, derandomize=True)
@given(name=typed)
@example(name=NASTY)
def test_no_name_reaches_a_mail_as_markup_or_header(name: str) -> None:
    message = word(named(name))
    assert tags(message) == tags(word(named("Plain")))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e]", message.subject)
    assert len(message.subject) < 200


@settings(deadline=None, derandomize=True)
@given(remark=typed)
@example(remark=NASTY)
def test_no_remark_becomes_markup(remark: str) -> None:
    message = word(about_a_case(CaseKind.FAULT, remark=shown(remark, 300) or "x"))
    assert not any("<" in text for text in texts(message.blocks))
    assert tags(message) == tags(word(about_a_case(CaseKind.FAULT, remark="x")))


@settings(deadline=None, derandomize=True)
@given(name=typed)
def test_a_name_is_one_short_line(name: str) -> None:
    line = shown(name)
    assert len(line) <= NAME_LENGTH
    assert not re.search("[\x00-\x1f\u2028-\u202e\u2066-\u2069]", line)
    assert line == line.strip()


def test_what_was_typed_is_shown_as_it_was_typed() -> None:
    message = word(about_a_loan(DUE, thing="Müller & Söhne <5 mm>"))
    assert message.subject == "Due now: Müller & Söhne <5 mm>"
    assert "Müller &amp; Söhne &lt;5 mm&gt;" in message.blocks[0]["text"]["text"]
    assert "Müller &amp; Söhne &lt;5 mm&gt;" in message.html
    assert unescape(message.blocks[0]["text"]["text"]).endswith("Müller & Söhne <5 mm>")


def objects(value: Any) -> list[dict[str, Any]]:
    """Every text object in the blocks."""
    if isinstance(value, list):
        return [found for each in value for found in objects(each)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("text"), str) else []
    return own + [found for each in value.values() for found in objects(each)]


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"] for block in objects(blocks)]


def tags(message: Message) -> list[str]:
    """The elements of a mail, without what stands in them."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
            found.append(tag)

    Reader().feed(message.html)
    return found
