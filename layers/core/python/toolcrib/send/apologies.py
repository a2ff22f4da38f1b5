"""The message for a tap that opens nothing: why, and what to do next."""

from toolcrib.domain.answers import Sorry
from toolcrib.domain.refusals import Refusal
from toolcrib.send.bank_words import notice, refusal_words
from toolcrib.wire.downs import NoticeDown


def refused(upload: str, refusal: Refusal) -> NoticeDown:
    """Return a rule's refusal in words for whoever stands at the bank."""
    return NoticeDown(re=upload, level="warn", code=refusal.code, text=refusal_words(refusal))


def sorry(upload: str, reply: Sorry, *, elsewhere: str) -> NoticeDown:
    """Return a rule's refusal in its own words, or the sentence of a code; `elsewhere` names a bank with room."""
    if reply.refusal is not None:
        return refused(upload, reply.refusal)
    return notice(upload, "warn", reply.code, {"thing": reply.thing, "elsewhere": elsewhere})
