"""Messages to banks: `toolcrib/v1/{org}:{bank}/down/{kind}`. `re` names the upload that is answered, or is null."""

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Down(Struct, kw_only=True, frozen=True):
    """What every message to a bank carries."""

    re: str | None = None


class PersonShown(Struct, kw_only=True, frozen=True):
    """As much of a person as a screen may show."""

    display: str
    language: str


class OptionShown(Struct, kw_only=True, frozen=True):
    """One thing that can be done now."""

    option: str
    kind: str
    title: str
    door: int | None = None
    due_at: datetime | None = None
    needs: tuple[str, ...] = ()
    note: str | None = None


class RefusalShown(Struct, kw_only=True, frozen=True):
    """One thing that cannot be done now, and why."""

    title: str
    code: str
    text: str


class TermsShown(Struct, kw_only=True, frozen=True):
    """The text to be accepted before the door opens; `sha256` is of exactly this text in UTF-8."""

    text: str
    sha256: str


class ChoosableShown(Struct, kw_only=True, frozen=True):
    """One answer to choose; its `id` is what is sent."""

    id: str
    text: str


class QuestionShown(Struct, kw_only=True, frozen=True):
    """What is asked for each of these `options`: `kind` yes_no (answered true or false), choice or text.

    The answer goes into the choice's `answers` under `id`.
    """

    id: str
    kind: str
    text: str
    required: bool
    options: tuple[str, ...]
    choices: tuple[ChoosableShown, ...] | UnsetType = UNSET


class SessionDown(Down, kw_only=True, frozen=True):
    """A choice to be made on the screen."""

    session: str
    expires_at: datetime
    person: PersonShown
    options: tuple[OptionShown, ...]
    refusals: tuple[RefusalShown, ...] = ()
    terms: TermsShown | UnsetType = UNSET
    questions: tuple[QuestionShown, ...] | UnsetType = UNSET


class OpenDown(Down, kw_only=True, frozen=True):
    """A signed command to open a door."""

    command: str


class UploadShown(Struct, kw_only=True, frozen=True):
    """Where a photo is sent within five minutes: a multipart form of `fields`, with the `file` last."""

    url: str
    fields: dict[str, str]


class NoticeDown(Down, kw_only=True, frozen=True):
    """Something to say to whoever stands there."""

    level: str
    code: str
    text: str
    upload: UploadShown | UnsetType = UNSET


class Rejected(Struct, kw_only=True, frozen=True):
    """A report that can never be applied, and why."""

    id: str
    code: str


class AckDown(Down, kw_only=True, frozen=True):
    """Reports whose effect is committed; the bank forgets them."""

    ids: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


class TimeDown(Down, kw_only=True, frozen=True):
    """A signed statement of the time."""

    time: str


class RosterDown(Down, kw_only=True, frozen=True):
    """Signed, and retained: which roster a bank has to go by while it is alone (`rosters.ManifestClaims`)."""

    manifest: str


class FetchDown(Down, kw_only=True, frozen=True):
    """Where a roster's body is read within a minute."""

    url: str
