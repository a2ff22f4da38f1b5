"""Custody events and the hash chain that ties an asset's events together (safety.md, I2, I3, threat 33)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from toolcrib.domain.assets import Custodian
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.states import Move, State


@dataclass(frozen=True, kw_only=True)
class CustodyEvent:
    """One entry of an asset's ledger: what moved, from whom to whom, on what evidence.

    `seq` counts from 1 per asset; `prev_hash` is the hash of event `seq - 1`, empty for the first. `at` is when
    it happened (cloud's time), `op` the operation id. `detail` holds codes and hashes only, never free text.
    """

    asset: str
    seq: int
    at: datetime
    move: Move
    state: State
    from_: Custodian
    to: Custodian
    person: str | None = None
    bank: str | None = None
    door: int | None = None
    grant: str | None = None
    loan: str | None = None
    evidence: Evidence
    op: str
    detail: Mapping[str, str] = field(default_factory=dict)
    prev_hash: str
    hash: str = ""
