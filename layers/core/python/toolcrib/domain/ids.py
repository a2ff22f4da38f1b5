"""Derived ids: the same cause gives the same id, so a repeat can make no second grant, loan or case.

A take's grant id is also its loan's id. A return's grant id begins with the loan it means to close, so that a
report which comes in after the door moved on still leads to its loan with one read.
"""

from base64 import b32encode
from hashlib import sha256

_LENGTH = 26  # 130 bits: as long as a ULID, and no two causes meet


def derived(*cause: str) -> str:
    """Return an id of 26 characters for a cause; parts are kept apart, so ("a", "bc") differs from ("ab", "c")."""
    digest = sha256("\x1f".join(cause).encode()).digest()
    return b32encode(digest).decode().lower()[:_LENGTH]


def take_grant(org: str, bank: str, upload: str) -> str:
    """Return the id of the grant, and loan, that an upload asked for."""
    return derived("take", org, bank, upload)


def part_loan(grant: str, asset: str) -> str:
    """Return the id of the loan of a kit's part that is not the first, whose loan is the grant's own."""
    return derived("part", grant, asset)


def return_grant(org: str, bank: str, upload: str, loan: str | None) -> str:
    """Return the id of a return's grant; `x` stands where no loan is named (an asset last seen with someone)."""
    return f"{loan or 'x'}.{derived('return', org, bank, upload)}"


def service_grant(org: str, bank: str, request: str) -> str:
    """Return the id of the grant of a remote opening."""
    return f"s.{derived('service', org, bank, request)}"


def last_seen(asset: str) -> str:
    """Return the key in a person's summary of a thing that was last seen with them and is out on no loan."""
    return f"x.{asset}"


def loan_of(grant: str) -> str | None:
    """Return the loan a grant, or an entry of a person's summary, is about; None where it is about none."""
    loan = grant.split(".", 1)[0]
    return None if loan in {"x", "s"} else loan
