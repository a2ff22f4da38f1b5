"""Who the board is: key, certificate and keys are there, for each other, in time, and renewed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from edge.checks.finding import Finding, unknown, well, wrong
from edge.enrolment import identity
from edge.enrolment.calendar import due_at
from edge.enrolment.identity import Identity, NotEnrolledError
from edge.enrolment.keys import UnreadableError, fits
from edge.settings.loading import open_to_others

SOON: Final = timedelta(days=30)
PATIENCE: Final = timedelta(days=7)  # a renewal waits for the network, and for nobody to stand there


def check(root: Path, template: str | None, now: datetime) -> Iterator[Finding]:
    """Look at the identity folder that settings name; `now` is this machine's clock, UTC."""
    try:
        who = identity.read(root)
        files = (who.key, who.cert, who.ca)
        missing = [path for path in files if not path.is_file()]
    except (NotEnrolledError, OSError):
        yield wrong(str(root), "holds no bank that can be read: toolcrib-bank enrol, or run this as the user toolcrib")
        return
    for path in missing:
        yield wrong(str(path), "is missing: toolcrib-bank enrol --again")
    if missing:
        return
    opened = open_to_others(who.key)
    if opened is not None:
        yield wrong(str(who.key), f"{opened.found}: {opened.instead}")
    yield from _certificate(who, template or who.template, now, waits=(root / identity.NEXT / "cert.pem").exists())


def _certificate(who: Identity, template: str, now: datetime, *, waits: bool) -> Iterator[Finding]:
    path = str(who.cert)
    try:
        belongs, found = fits(who.key.read_bytes(), who.cert.read_text()), who.certificate
    except (OSError, ValueError, UnreadableError):
        yield wrong(path, "or its key is not PEM: enrol anew")
        return
    if not belongs:
        yield wrong(path, "was made for another key than the one on this board: enrol anew")
        return
    yield _lasts(path, found, now)
    yield _renewed(template, found, now, waits=waits)


def _lasts(path: str, found: x509.Certificate, now: datetime) -> Finding:
    until, since = found.not_valid_after_utc, found.not_valid_before_utc
    if now < since:
        return wrong(path, f"is valid from {since:%Y-%m-%d}, and this machine's clock is before that: set it")
    if now >= until:
        return wrong(path, f"ran out on {until:%Y-%m-%d}: toolcrib-bank enrol --again")
    if now >= until - SOON:
        return wrong(path, f"runs out on {until:%Y-%m-%d}: enrol again before that")
    return well(path, f"fits its key, valid until {until:%Y-%m-%d}")


def _renewed(template: str, found: x509.Certificate, now: datetime, *, waits: bool) -> Finding:
    due = due_at(found)
    if not template:
        return unknown(
            "renewal", f"is due on {due:%Y-%m-%d} and done by nobody: set broker.template, or enrol by claim"
        )
    if now >= due + PATIENCE:
        how = "waits for a connection with the next certificate" if waits else "does not come through"
        return wrong("renewal", f"was due on {due:%Y-%m-%d} and {how}: journalctl --unit toolcrib-bank says why")
    return well("renewal", f"the bank renews its certificate from {due:%Y-%m-%d}")
