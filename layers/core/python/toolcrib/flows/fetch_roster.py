"""A bank wants the body of its roster: a link that is good for a minute, to its own and to no other."""

from datetime import datetime

from toolcrib.domain.doors import BankState
from toolcrib.send.banks import publish
from toolcrib.store.banks import find_bank_only
from toolcrib.store.rosters import body_url, find_issued, find_latest
from toolcrib.telemetry import record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.downs import FetchDown
from toolcrib.wire.uploads import Fetch


def handle(asked: Arrival[Fetch], *, now: datetime) -> None:
    """Answer with a link. There is no answer for a bank that is not enrolled, nor for a roster that is not its present.

    What it should have instead it has been told, or is about to be: whoever asks for an older one is late, and there
    somebody may still be allowed what they are not any more (safety.md, I17).
    """
    outcome = _answer(asked, now)
    record("fetch", org=asked.org, bank=asked.bank, op=asked.body.id, outcome=outcome)


def _answer(asked: Arrival[Fetch], now: datetime) -> str:
    org, bank, version = asked.org, asked.bank, asked.body.version
    there = find_bank_only(org, bank)
    if there is None or there.state is not BankState.ACTIVE:
        return "no_standing"
    issued = find_issued(org, bank, version)
    if issued is None or now >= issued.ends_at:
        return "no_such_roster"
    latest = find_latest(org, [bank]).get(bank)
    if latest is not None and latest.issued is not None and version < latest.issued.version:
        return "older_roster"  # one that is newer was told of a moment ago, and is not noted yet
    publish(org, bank, FetchDown(re=asked.body.id, url=body_url(org, bank, version)))
    return "told"
