"""People's blocks: what stops them from taking, and when it lifts."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.flows.admin import blocks
from chalicelib.web.answers import Answer, Listed
from chalicelib.web.call import Call
from chalicelib.web.cursors import whole
from chalicelib.web.fields import Instant, utc
from chalicelib.web.roles import EVERYBODY, KEEPERS, Row, Scope
from chalicelib.web.routes import Routes
from toolcrib.domain.blocking import Block

routes: Final = Routes(
    "blocks",
    {
        "GET /people/{id}/blocks": Row(Scope.READ, EVERYBODY),
        "POST /people/{id}/blocks": Row(Scope.WRITE, KEEPERS),
        "DELETE /people/{id}/blocks/{block}": Row(Scope.WRITE, KEEPERS),
    },
)

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewBlock(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A block by hand: why, and up to when; without `until` it stands until it is lifted."""

    kind: Literal["manual"] = "manual"
    reason: Reason
    until: Instant | None = None


class BlockView(msgspec.Struct, kw_only=True, frozen=True):
    """What stops a person from taking. It `lifts_when`: `by_hand`, `at` the moment `until`, `returned` or `settled`.

    `loan` and `asset` are what an automatic one is about, `policy` is whose rule counts late returns; `by` and `reason`
    are those of a manual one.
    """

    id: str
    kind: str
    since: datetime
    lifts_when: str
    until: datetime | None = None
    loan: str | None = None
    asset: str | None = None
    policy: str | None = None
    by: str | None = None
    reason: str | None = None


@routes.on("GET /people/{id}/blocks")
def list_blocks(call: Call, person_id: str) -> Answer[Listed[BlockView]]:
    """List what stops a person from taking right now, with when it lifts; automatic blocks are found anew each time."""
    return whole([_view(block) for block in blocks.of(call.asked, person_id)])


@routes.on("POST /people/{id}/blocks", status=HTTPStatus.CREATED)
def give_block(call: Call, person_id: str, body: NewBlock) -> Answer[BlockView]:
    """Block a person by hand. They may return everything, and take nothing. Nobody blocks themself."""
    return Answer(_view(blocks.give(call.asked, person_id, body.reason, utc("until", body.until))))


@routes.on("DELETE /people/{id}/blocks/{block}", status=HTTPStatus.NO_CONTENT)
def lift_block(call: Call, person_id: str, block_id: str) -> Answer[None]:
    """Lift a block that was given by hand. Again changes nothing.

    Automatic ones lift by themselves, and nobody lifts their own.
    """
    blocks.lift(call.asked, person_id, block_id)
    return Answer(None)


def _view(block: Block) -> BlockView:
    return BlockView(
        id=block.id,
        kind=str(block.kind),
        since=block.since,
        lifts_when=str(block.lifts_when),
        until=block.until,
        loan=block.loan,
        asset=block.holding.asset if block.holding else None,
        policy=block.policy,
        by=block.by,
        reason=block.reason,
    )
