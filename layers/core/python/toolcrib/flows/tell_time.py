"""A bank asks what time it is: a signed answer, the only thing that sets its time base (design.md, `time`)."""

from datetime import datetime

from toolcrib.domain.doors import BankState
from toolcrib.secrets import master
from toolcrib.send.banks import publish
from toolcrib.send.signing import command_key, sign
from toolcrib.store.banks import find_bank_only
from toolcrib.telemetry import record
from toolcrib.wire.arrivals import Arrival
from toolcrib.wire.downs import TimeDown
from toolcrib.wire.uploads import Time


def handle(asked: Arrival[Time], *, now: datetime) -> None:
    """Answer with the nonce and the time in milliseconds; a bank that is not enrolled gets no answer."""
    bank = find_bank_only(asked.org, asked.bank)
    if bank is None or bank.state is not BankState.ACTIVE:
        record("time", org=asked.org, bank=asked.bank, op=asked.body.id, outcome="no_standing")
        return
    key = command_key(master(), org=asked.org, bank=asked.bank, generation=bank.generation)
    claims: dict[str, object] = {"nonce": asked.body.nonce, "now": int(now.timestamp() * 1000)}
    publish(asked.org, asked.bank, TimeDown(re=asked.body.id, time=sign(key, kid=bank.generation, claims=claims)))
    record("time", org=asked.org, bank=asked.bank, op=asked.body.id, outcome="told")
