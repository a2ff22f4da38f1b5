"""The message for a tap that opens nothing: why, and what to do next."""

from toolcrib.domain.answers import Sorry
from toolcrib.send.bank_words import notice, refusal_words
from toolcrib.wire.downs import NoticeDown


def sorry(upload: str, reply: Sorry, *, elsewhere: str) -> NoticeDown:
    """Return a rule's refusal in its own words, or the sentence of a code; `elsewhere` names a bank with room."""
    if reply.refusal is not None:
        return NoticeDown(re=upload, level="warn", code=reply.code, text=refusal_words(reply.refusal))
    return notice(upload, "warn", reply.code, {"thing": reply.thing, "elsewhere": elsewhere})
