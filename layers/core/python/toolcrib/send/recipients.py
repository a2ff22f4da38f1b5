"""Where a notice goes: looked up when it is sent, so that the record holds no address and a new one counts at once."""

from dataclasses import dataclass, field

from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import To, Via

ELSEWHERE_AFTER = 5  # failed tries, about a quarter of an hour; then any other address of the person will do (threat 19)


@dataclass(frozen=True)
class Address:
    """A channel and where to in it; `value` stays out of every representation, and so out of logs."""

    via: Via
    value: str = field(repr=False)


def addresses(notice: Notice, recipient: Person | None) -> tuple[Address, ...]:
    """Return where the notice may go, the channel it asks for first; empty when nobody can be reached.

    A notice to a site's channel names it itself; everything else needs the person.
    """
    if notice.to is To.CHANNEL:
        return (Address(Via.SLACK, notice.recipient),)
    if recipient is None:
        return ()
    known = ((Via.SLACK, recipient.slack_id), (Via.EMAIL, recipient.email))
    reachable = [Address(via, value) for via, value in known if value]
    return tuple(sorted(reachable, key=lambda address: address.via is not notice.via))


def try_elsewhere(notice: Notice) -> bool:
    """Whether the channel it asks for has failed often enough to use another."""
    return notice.attempts > ELSEWHERE_AFTER
