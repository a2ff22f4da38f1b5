"""Where a notice goes: looked up when it is sent, so that the record holds no address and a new one counts at once."""

from dataclasses import dataclass, field

from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via

ELSEWHERE_AFTER = 5  # failed tries, about ten minutes; then another address of the person will do (threat 19)


@dataclass(frozen=True)
class Address:
    """A channel and where to in it; `value` stays out of every representation, and so out of logs."""

    via: Via
    value: str = field(repr=False)


def addresses(notice: Notice, recipient: Person | None, *, told_another_way: bool) -> tuple[Address, ...]:
    """Return where the notice may go, the channel it asks for first; empty when nobody can be reached.

    A notice to a site's channel names it itself; everything else needs the person. Another channel than the one asked
    for is there for whoever lacks that one (or gets no more mail), unless the same word takes the other channel anyway.
    """
    if notice.to is To.CHANNEL:
        return (Address(Via.SLACK, notice.recipient),)
    if recipient is None:
        return ()
    mail = recipient.email if recipient.mail_stopped is None else None
    known = ((Via.SLACK, recipient.slack_id), (Via.EMAIL, mail))
    places = [Address(via, value) for via, value in known if value and (via is notice.via or not told_another_way)]
    return tuple(sorted(places, key=lambda place: place.via is not notice.via))
