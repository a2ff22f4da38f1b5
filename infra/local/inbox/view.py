"""What the page shows: as everybody or as one member, all conversations or one, the app's home, and one mail opened."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from infra.local.inbox.blocks import IN_HOME, Block, parsed
from infra.local.inbox.box import Box, Entry
from infra.local.inbox.members import Member, Members, is_person

SHOWN: Final = 200  # newest messages per channel; the JSON lists have them all
HOME: Final = "~home"  # no conversation is called so


@dataclass(frozen=True, kw_only=True)
class Post:
    """A message, ready to be drawn. `actor` is whose presses count there, empty where nobody is chosen.

    `only_for` is who alone sees it, empty for a channel; `whispered` it is an answer, which goes when they look away.
    """

    id: str
    at: str
    conversation: str
    only_for: str
    whispered: bool
    actor: str
    blocks: list[Block]
    text: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail, by its place in the list."""

    number: int
    entry: Entry

    @property
    def headers(self) -> dict[str, str]:
        """What the mail's own headers say, in their order; the local AWS keeps those that the sender set."""
        given = {each["Name"]: each["Value"] for each in self.entry.raw.get("Headers") or []}
        return {"From": str(self.entry.raw.get("Source", "")), "To": self.entry.to, **given}

    @property
    def unsubscribe(self) -> str:
        """The address at which its reader ends it, empty where there is none."""
        address = self.headers.get("List-Unsubscribe", "").strip("<>")
        return address if address.startswith(("http://", "https://")) else ""


@dataclass(frozen=True, kw_only=True)
class View:
    """One look at the inbox."""

    mode: str
    members: Mapping[str, Member]
    user: str
    conversation: str
    conversations: list[tuple[str, int]]
    posts: list[Post]
    home: list[Block] | None
    letters: list[Letter]
    opened: Letter | None
    part: str

    @classmethod
    def of(cls, box: Box, asked: Mapping[str, str], mode: str) -> "View":
        """Return what `asked` (the query) wants to see."""
        members = Members(box).all()
        user = asked.get("as", "") if asked.get("as", "") in members else ""
        conversation = asked.get("to", "")
        posts = [each for each in _posts(box, user) if not user or each.only_for in {"", user}]
        letters = [Letter(number=number, entry=entry) for number, entry in enumerate(box.all("email"))]
        opened = [each for each in letters if str(each.number) == asked.get("mail", "")] or letters[-1:]
        return cls(
            mode=mode,
            members=members,
            user=user,
            conversation=conversation if user or conversation != HOME else "",
            conversations=sorted(Counter(each.conversation for each in posts).items()),
            posts=[each for each in posts if conversation in {"", HOME, each.conversation}][-SHOWN:],
            home=_home(box, user),
            letters=letters[: -SHOWN - 1 : -1],
            opened=opened[0] if opened else None,
            part="text" if asked.get("part") == "text" else "html",
        )

    def name_of(self, someone: str) -> str:
        """Return what a member is called, and a conversation by its id."""
        found = self.members.get(someone)
        return found.name if found else someone


def _posts(box: Box, user: str) -> list[Post]:
    """Return messages and what was whispered, oldest first."""
    said = [_post(each, each.to if is_person(each.to) else "", user) for each in box.all("slack")]
    whispered = [_post(each, each.to, user) for each in box.all("answer")]
    return sorted(said + whispered, key=lambda each: float(each.id))


def _post(entry: Entry, only_for: str, user: str) -> Post:
    raw: dict[str, Any] = entry.raw
    return Post(
        id=raw["ts"],
        at=entry.at,
        conversation=raw.get("in") or entry.to,
        only_for=only_for,
        whispered="in" in raw,
        actor=user or only_for,
        blocks=parsed(raw.get("blocks")),
        text=entry.text,
    )


def _home(box: Box, user: str) -> list[Block] | None:
    found = next((each for each in box.all("home") if each.to == user), None)
    return None if found is None else parsed(found.raw.get("blocks"), IN_HOME)
