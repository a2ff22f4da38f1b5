"""Certificate, key and authority: there, for each other, in time, and closed to others."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from edge.checks.finding import Finding, well, wrong
from edge.enrolment.answer import EnrolmentError
from edge.enrolment.keypair import read_certificate
from edge.settings.loading import open_to_others
from edge.settings.schema import Files

SOON: Final = timedelta(days=30)


def check(files: Files, now: datetime) -> Iterator[Finding]:
    """Look at the files that settings name; `now` is this machine's clock, UTC."""
    certificate, key, ca = Path(files.certificate), Path(files.key), Path(files.ca)
    missing = [path for path in (certificate, key, ca) if not path.is_file()]
    for path in missing:
        yield wrong(str(path), "is missing: toolcrib-bank enrol")
    if missing:
        return
    opened = open_to_others(key)
    if opened is not None:
        yield wrong(str(key), f"{opened.found}: {opened.instead}")
    yield _certificate(certificate, key, now)


def _certificate(path: Path, key: Path, now: datetime) -> Finding:
    try:
        found = read_certificate(path, key)
    except (OSError, EnrolmentError) as error:
        return wrong(str(path), str(error))
    until, since = found.not_valid_after_utc, found.not_valid_before_utc
    if now < since:
        return wrong(str(path), f"is valid from {since:%Y-%m-%d}, and this machine's clock is before that: set it")
    if now >= until:
        return wrong(str(path), f"ran out on {until:%Y-%m-%d}: toolcrib-bank enrol --again")
    if now >= until - SOON:
        return wrong(str(path), f"runs out on {until:%Y-%m-%d}: enrol again before that")
    return well(str(path), f"fits its key, valid until {until:%Y-%m-%d}")
