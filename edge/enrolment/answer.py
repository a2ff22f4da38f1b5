"""What `POST /v1/banks/{id}/enrolment` answers (design.md, *HTTP contract*)."""

import msgspec

from edge.enrolment.identity import BadgeKey, Keys, Mqtt


class EnrolmentError(Exception):
    """The board is not enrolled; says why and what to do."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a controller needs. It is given once: what is lost is enrolled anew."""

    thing: str
    certificate: str
    ca: str
    kid: str
    command_key: str
    badge_key: BadgeKey
    mqtt: Mqtt

    @property
    def told(self) -> Keys:
        """Return what the board keeps beside key and certificates."""
        return Keys(
            thing=self.thing, kid=self.kid, command_key=self.command_key, badge_key=self.badge_key, mqtt=self.mqtt
        )


def parse(answer: bytes, bank: str) -> Answer:
    """Return the answer for this bank; raises EnrolmentError, which repeats nothing secret."""
    try:
        found = msgspec.json.decode(answer, type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise EnrolmentError(
            "that is not the answer of an enrolment: give the whole JSON that POST /v1/banks/{id}/enrolment answered"
        ) from None
    if found.thing.partition(":")[2] != bank:
        raise EnrolmentError(f"that is the answer for {found.thing}, not for {bank}: nothing was changed")
    return found
