"""Messages in words: what a bank shows of a code and its facts (`words/` has the sentences, in every language)."""

from collections.abc import Mapping

from toolcrib.domain.judges.finding import Fact
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import said
from toolcrib.wire.downs import NoticeDown


def notice(re: str | None, level: str, code: str, facts: Mapping[str, Fact], reader: Reader) -> NoticeDown:
    """Return the message that a bank shows to `reader`."""
    return NoticeDown(re=re, level=level, code=code, text=said(code, facts, reader))
