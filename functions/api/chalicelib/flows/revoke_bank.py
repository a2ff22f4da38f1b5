"""End a bank's effect, at once and for good until it is enrolled anew (safety.md, I17 and threat 4).

    1  commit: revoked; every live grant unresolved, every door closed to lending     from here nothing it says counts
    2  every certificate loses the banks' policy, and the session is cut
    3  what those grants were about becomes unconfirmed, with a case each

Wherever it breaks off, asking again does what is left.
"""

from chalicelib.deciding.enrolment import revoked
from chalicelib.flows.doubts import settle_given_up
from chalicelib.flows.keyring import reconciled
from toolcrib.domain.principals import Asked
from toolcrib.flows.attempts import until_committed
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank
from toolcrib.store.commit import commit


def handle(asked: Asked, bank_id: str) -> None:
    """Revoke a bank; raises `NotFound`, or `Conflict` `not_enrolled`."""
    until_committed(lambda: _once(asked, bank_id))
    thing = certificates.thing_of(asked.org, bank_id)
    reconciled(asked.org, bank_id)
    certificates.cut(thing)
    settle_given_up(asked.org, bank_id, asked.at)


def _once(asked: Asked, bank_id: str) -> None:
    bank = load_bank(asked.org, bank_id)
    asked.must_see("bank", site=bank.site)
    change = revoked(bank, op=asked.op, at=asked.at)
    if change.banks:
        commit(asked.org, change)
