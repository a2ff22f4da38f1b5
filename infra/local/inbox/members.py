"""Who is in the workspace that the inbox plays: those it was told of, and whoever was written to."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from infra.local.inbox.box import Box, Entry

TEAM: Final = {"id": "T0LOCAL", "domain": "local-stack"}


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody in the workspace."""

    id: str
    name: str
    email: str = ""


class Members(msgspec.Struct, frozen=True):
    """The workspace's members, kept in `box`."""

    box: Box

    def enter(self, member: Member) -> None:
        """Enter a member, or change what is known of one."""
        text = msgspec.json.encode(member).decode()
        entry = Entry(at="", to=member.id, text=text, raw={}, loan=None, step=None)
        key = f"member {member.id}"
        if not self.box.change("member", key, entry):
            self.box.keep("member", key, entry)

    def all(self) -> dict[str, Member]:
        """Return who is there, by id, in the order of their names."""
        found = [msgspec.json.decode(each.text, type=Member) for each in self.box.all("member")]
        known = {each.id: each for each in found}
        written_to = {each.to for each in self.box.all("slack") if is_person(each.to)} - known.keys()
        known |= {user: Member(id=user, name=user) for user in written_to}
        return dict(sorted(known.items(), key=lambda each: each[1].name.casefold()))

    def answered(self, user: str) -> Mapping[str, Any] | None:
        """Return somebody as `users.info` has them, None for a stranger."""
        found = self.all().get(user)
        if found is None:
            return None
        profile = {"real_name": found.name, "email": found.email} if found.email else {"real_name": found.name}
        return {
            "id": user,
            "team_id": TEAM["id"],
            "name": user.lower(),
            "real_name": found.name,
            "deleted": False,
            "is_bot": False,
            "is_email_confirmed": bool(found.email),
            "profile": profile,
        }


def is_person(conversation: str) -> bool:
    """Whether a conversation is with one person."""
    return conversation[:1] in {"U", "W", "@"}
