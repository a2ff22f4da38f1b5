"""A board that enrols itself: the right to do so, given once, for a while, to whoever holds a token (docs/fleet.md).

An admin says that a bank awaits its controller and is told a token; the record keeps its digest. The first board that
shows the token binds the claim to the key it made. From then on only that key may ask again: so an answer that was
lost can be asked for anew, and nobody else gets anything for a token that was seen.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Final

from toolcrib.domain.change import BankEdit, Change
from toolcrib.domain.credentials import Claim
from toolcrib.domain.doors import Bank
from toolcrib.domain.record import replace

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=7)  # boards are prepared on one day and hung up on another; a month would be a habit


class Doubt(StrEnum):
    """Why a board is not let in. It is not told: who guesses learns nothing."""

    NOT_AWAITED = "not_awaited"
    OVER = "over"
    WRONG_TOKEN = "wrong_token"  # noqa: S105 - a word, no token
    ANOTHER_KEY = "another_key"
    OVERTAKEN = "overtaken"


def awaited(bank: Bank, claim: Claim | None, *, op: str, at: datetime) -> Change:
    """Return the change by which a bank awaits a board with this claim, and with no earlier one; None: no board."""
    if bank.claim == claim:
        return Change(op=op, at=at)
    now = replace(bank, claim=claim, revision=bank.revision + 1)
    return Change(op=op, at=at, banks=(BankEdit(bank=now),))


def judge(bank: Bank, *, token_sha256: str, key_sha256: str, since: datetime, at: datetime) -> Claim | Doubt:
    """Return the claim as it stands once this key has used it, or why the key may not.

    `since` is when the certificate was made that is to be let in. A board that had no answer asks again with another;
    the first question may still be worked on then, and must not undo what the second one came to.
    """
    claim = bank.claim
    if claim is None:
        return Doubt.NOT_AWAITED
    if not compare_digest(claim.token_sha256, token_sha256):
        return Doubt.WRONG_TOKEN
    if at >= claim.until:
        return Doubt.OVER
    if claim.key_sha256 not in {None, key_sha256}:
        return Doubt.ANOTHER_KEY
    if claim.key_sha256 is not None and bank.certified is not None and bank.certified.since > since:
        return Doubt.OVERTAKEN
    return replace(claim, key_sha256=key_sha256)
