"""The message for a tap that opens nothing: why, and what to do next."""

from toolcrib.domain.answers import Sorry
from toolcrib.domain.refusals import Refusal
from toolcrib.send.bank_words import notice
from toolcrib.send.words.reader import Reader
from toolcrib.send.words.saying import said, why_not
from toolcrib.wire.downs import NoticeDown


def refused(upload: str, refusal: Refusal, reader: Reader) -> NoticeDown:
    """Return a rule's refusal in words for whoever stands at the bank."""
    return NoticeDown(re=upload, level="warn", code=refusal.code, text=why_not(refusal, reader))


def sorry(upload: str, reply: Sorry, reader: Reader, *, elsewhere: str | None = None) -> NoticeDown:
    """Return a rule's refusal in its own words, or the sentence of a code; `elsewhere` is a bank that has room."""
    if reply.refusal is not None:
        return refused(upload, reply.refusal, reader)
    if reply.no_room is None:
        return notice(upload, "warn", reply.code, {"thing": reply.thing}, reader)
    where = {} if elsewhere is None else {"bank": elsewhere}
    text = said("not_here" if where else "not_here.nowhere", {"thing": reply.thing, **where}, reader)
    return NoticeDown(re=upload, level="warn", code=reply.code, text=text)
