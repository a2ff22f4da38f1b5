"""Blocks: what stops a person from taking; some are given and lifted by hand, the others come and go by themselves."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.flows.admin import people
from toolcrib.domain.blocking import Block, BlockKind, standing
from toolcrib.domain.ids import derived
from toolcrib.domain.people import ManualBlock, Person
from toolcrib.domain.policies import LateReturns
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, Invalid, NotAllowed
from toolcrib.domain.rosters import groups_of
from toolcrib.domain.rulebook import RuleBook
from toolcrib.flows.attempts import until_committed
from toolcrib.store.people import save_blocks
from toolcrib.store.rulebook import read_stamp, rule_book

MOST_BLOCKS = 10  # by hand, at once; they lie on the profile that every tap reads


def of(asked: Asked, person_id: str) -> tuple[Block, ...]:
    """Return what stops a person right now; a suspension once for each policy that it follows from."""
    person = people.show(asked, person_id)
    book = rule_book(asked.org, read_stamp(asked.org))
    return standing(person, asked.at, _about_late_returns(person, book, asked.at))


def give(asked: Asked, person_id: str, reason: str, until: datetime | None) -> Block:
    """Block a person by hand, up to `until` or until it is lifted; raises `NotFound`, `Invalid`, `Conflict`."""
    if until is not None and until <= asked.at:
        raise Invalid(detail="the body does not fit", fields={"until": "is over already"})
    block_id = derived("block", asked.op)
    given = ManualBlock(since=asked.at, by=asked.by.actor, reason=reason, until=until)

    def once() -> None:
        person = _of_another(asked, person_id)
        running = {key: each for key, each in person.blocks.items() if each.until is None or asked.at < each.until}
        if len(running) >= MOST_BLOCKS and block_id not in running:
            raise Conflict(code="too_many_blocks", detail=f"there are {MOST_BLOCKS} already", advice="Lift one first.")
        _save(asked, person, {**running, block_id: given})

    until_committed(once)
    blocked = Person(id=person_id, name="", blocks={block_id: given})
    return standing(blocked, asked.at, {})[0]


def lift(asked: Asked, person_id: str, block_id: str) -> None:
    """Lift a block that was given by hand, if it is still there; raises `Conflict` for one that lifts by itself."""

    def once() -> None:
        person = _of_another(asked, person_id)
        if block_id in person.blocks:
            _save(asked, person, {key: each for key, each in person.blocks.items() if key != block_id})
        elif block_id.split(".", 1)[0] in set(BlockKind):
            raise Conflict(
                code="lifts_by_itself",
                detail="this block is not on record, it follows from what is",
                advice="Settle what causes it, or give an override for one take.",
            )

    until_committed(once)


def _about_late_returns(person: Person, book: RuleBook, at: datetime) -> Mapping[str, LateReturns]:
    """Return the rules about late returns that can be this person's, by policy."""
    groups = {None, *groups_of(person, at)}
    all_ = (policy for policy in (book.fallback, *book.policies.values()) if policy.match.group in groups)
    return {policy.id: late for policy in all_ if (late := policy.blocks.late_returns) is not None}


def _of_another(asked: Asked, person_id: str) -> Person:
    """Return a person; nobody blocks themself or lifts what blocks them."""
    person = people.show(asked, person_id)
    if person.id == asked.by.person:
        raise NotAllowed(detail="nobody decides about their own blocks", advice="Ask somebody else.")
    return person


def _save(asked: Asked, person: Person, blocks: Mapping[str, ManualBlock]) -> None:
    save_blocks(asked.org, asked.op, asked.at, replace(person, blocks=blocks, version=person.version + 1))
