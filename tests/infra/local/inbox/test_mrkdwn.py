"""Slack's own markup as HTML: each mark, and nothing that anybody typed."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.inbox.mrkdwn import linked, marked, signed

OURS = {"a", "b", "i", "s", "code", "pre", "span", "img"}
KNOWN = {"U1": "Maya Lind"}


def shown(text: str) -> str:
    return str(marked(text, lambda known: KNOWN.get(known, known)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* and _slanted_ and ~struck~", "<b>bold</b> and <i>slanted</i> and <s>struck</s>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("`a *b*`", "<code>a *b*</code>"),
        ("```two\nlines```", "<pre>two\nlines</pre>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("a &amp; b &lt;c&gt; &quot;", "a &amp; b &lt;c&gt; &amp;quot;"),
        ("<@U1> in <#C1|tools>", '<span class="mention">@Maya Lind</span> in <span class="mention">#tools</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        (
            "<https://example.com/?a=1&amp;b|here>",
            '<a href="https://example.com/?a=1&amp;b" target="_blank" rel="noreferrer">here</a>',
        ),
        ("<javascript:alert(1)|here>", "here"),
    ],
)
def test_each_mark(text: str, html: str) -> None:
    assert shown(text) == html


def test_signs_are_drawn_and_read_out() -> None:
    assert str(signed("⏰ <late>")) == (
        '<img class="sign" src="/static/late.svg" alt="⏰" width="18" height="18"> &lt;late&gt;'
    )


def test_addresses_in_plain_text_are_links() -> None:
    html = str(linked('see https://example.com/a?b="><script>, or not'))
    assert html.startswith('see <a href="https://example.com/a?b=" target="_blank" rel="noreferrer">')
    assert "<script>" not in html


class Tags(HTMLParser):
    """Every tag of a text, and what stands between them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.given: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.given |= {name for name, _ in attrs}


@given(st.text(alphabet="<>&;\"'*_~`|@#!:/ \nahrefonlickjavscriptspt<>", max_size=80))
def test_nobody_types_a_tag_of_their_own(text: str) -> None:
    for html in (shown(text), str(linked(text)), str(signed(text))):
        found = Tags(html)
        assert found.tags <= OURS
        assert found.given <= {"class", "href", "target", "rel", "src", "alt", "width", "height"}
    assert unescape(str(signed(text))) == text
