"""A bank's certificates, brought to what its record says: those it names may do what banks may, all others nothing.

Several may be at this at once: a board that asks again while its first question is still worked on, an admin who
enrols or revokes meanwhile. Each looks at the record after what it did, takes back what the record does not name, and
gives back what it took and the record names now. So whoever acts last leaves what the record says.
"""

from toolcrib.flows.attempts import ATTEMPTS
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank_only


def reconciled(org: str, bank_id: str) -> tuple[str, ...]:
    """Let in what the record names and nothing else; return the ARNs of what it names. Raises `NotFound`."""
    thing = certificates.thing_of(org, bank_id)
    taken: tuple[str, ...] = ()
    for _ in range(ATTEMPTS):
        named = load_bank_only(org, bank_id).certificates
        mistaken = [arn for arn in taken if arn in named]
        for arn in mistaken:
            certificates.restore(thing, arn)
        taken = certificates.withdraw(thing, but=named)
        if not taken and not mistaken:
            break
    return named
