"""Terms that people accept before a door opens: their texts, and who has accepted which (rules.md, row 14).

An agreement is about types or categories and has a text in one or more languages. Every change of a text makes a new
version. The rule book knows the texts by their hashes; they themselves lie apart, version by version. An acceptance is
of one exact text and stands for as long as the agreement still has that text.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from msgspec import field

from toolcrib.domain.assets import AssetType
from toolcrib.domain.record import Record, replace

MAX_TEXT_BYTES = 4096  # a session has to stay within 8 KB (design.md, *MQTT contract*)
MOST_REMEMBERED = 50  # acceptances on one profile; the oldest fall away, and are asked for again
DEFAULT_LANGUAGE = "en"


class Agreement(Record, frozen=True, kw_only=True):
    """What has to be accepted before things of these types or categories are taken.

    `digests` are the SHA-256 of the present version's texts, by language. One that is not `active` is asked of nobody.
    """

    id: str
    title: str
    asset_types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    version: int = 1
    revision: int = 1


class Texts(Record, frozen=True, kw_only=True):
    """The texts of one version, by language: never changed once they are written."""

    agreement: str
    version: int
    at: datetime
    texts: Mapping[str, str] = field(default_factory=dict)


class Wording(Record, frozen=True, kw_only=True):
    """One text of an agreement's present version, in the language that it is shown in, known by its hash."""

    agreement: str
    title: str
    version: int
    language: str
    sha256: str


class Acceptance(Record, frozen=True, kw_only=True):
    """What a person accepted of an agreement: which text of which version, and when."""

    version: int
    sha256: str
    at: datetime


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex, over its UTF-8."""
    return sha256(text.encode()).hexdigest()


def reworded(agreement: Agreement, texts: Mapping[str, str]) -> Agreement:
    """Return the agreement with these texts: the next version if any of them is new, else as it is."""
    digests = {language: digest(text) for language, text in sorted(texts.items())}
    if digests == agreement.digests:
        return agreement
    return replace(agreement, digests=digests, version=agreement.version + 1)


def applies(agreement: Agreement, kind: AssetType) -> bool:
    """Whether it has to be accepted for things of this type."""
    return agreement.active and (kind.id in agreement.asset_types or kind.category in agreement.categories)


def stands(agreement: Agreement, acceptance: Acceptance | None) -> bool:
    """Whether what was accepted is still one of the agreement's texts."""
    return acceptance is not None and acceptance.sha256 in agreement.digests.values()


def wording(agreement: Agreement, language: str) -> Wording:
    """Return what somebody who reads `language` is shown: that, its base, English, else the first there is."""
    wanted = (language, language.split("-", 1)[0], DEFAULT_LANGUAGE, *sorted(agreement.digests))
    shown = next(each for each in wanted if each in agreement.digests)
    return Wording(
        agreement=agreement.id,
        title=agreement.title,
        version=agreement.version,
        language=shown,
        sha256=agreement.digests[shown],
    )


def accepted(before: Mapping[str, Acceptance], more: Mapping[str, Acceptance]) -> dict[str, Acceptance]:
    """Return what a profile remembers from now on, the latest that fit."""
    latest = sorted({**before, **more}.items(), key=lambda each: each[1].at, reverse=True)
    return dict(sorted(latest[:MOST_REMEMBERED]))
