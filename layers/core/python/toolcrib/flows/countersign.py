"""A badge beside a return that others have to countersign: that is what it says, and nothing else (row 13)."""

from toolcrib.domain.authorise import Ask
from toolcrib.domain.authorisers import Authoriser
from toolcrib.domain.countersigning import op_of, sign, signed_just_now, wanting
from toolcrib.domain.people import entitled
from toolcrib.domain.rosters import groups_of
from toolcrib.store.cases import find_case
from toolcrib.store.commit import commit


def countersign(ask: Ask) -> bool:
    """Countersign a return at this bank if one waits for somebody like them; False where none does.

    Whoever did so a moment ago asks for nothing else by tapping again. Raises `LostRace` where the door moved on at
    this moment.
    """
    if not entitled(ask.person, ask.at):
        return False
    me = Authoriser(person=ask.person.id, groups=groups_of(ask.person, ask.at), at=ask.at)
    door = wanting(ask.bank, me, ask.at)
    if door is None:
        return signed_just_now(ask.bank, me)
    case = find_case(ask.org, door.awaits.case) if door.awaits is not None else None
    commit(ask.org, sign(door, me, case, op=op_of(ask.org, door, me, ask.upload)))
    return True
