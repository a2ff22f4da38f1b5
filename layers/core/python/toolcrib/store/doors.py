"""One door's own writes, outside the transactions of `commit`."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.operand import Path

from toolcrib.domain.doors import GrantState
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import DoorItem
from toolcrib.store.tables import connection


def mark_opened(org: str, bank: str, number: int, *, grant: str, at: str, seq: tuple[int, int]) -> bool:
    """Note that a grant opened its door: one conditional update, no read. False if this issued grant is not there."""
    connection()
    version, seqs = DoorItem.version, Path("seqs")
    try:
        DoorItem(*keys.door(org, bank, number)).update(
            actions=[
                Path("grant.state").set(str(GrantState.OPENED)),
                Path("grant.opened_at").set(at),
                DoorItem.physical.set("open"),
                seqs.set((seqs | []).append([list(seq)])),
                version.set(version + 1),
            ],
            condition=(Path("grant.id") == grant) & (Path("grant.state") == str(GrantState.ISSUED)),
        )
    except UpdateError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True
