"""Committing an edit that no ledger remembers: the change and the guard of its operation, in one transaction."""

from toolcrib.domain.change import Change
from toolcrib.store.commit import write_all
from toolcrib.store.edits import edit


def commit_edit(org: str, change: Change) -> None:
    """Write a change once for its operation; raises `LostRace` with nothing written, is silent for a repeat."""
    staff = bool(change.holdings)
    edit(org, change.op, change.at, lambda write: write_all(write, org, change), staff=staff)
