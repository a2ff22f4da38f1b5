"""Overrides: one take in spite of one refuse code, with a reason (rules.md, *Overrides*).

An override is given beforehand and lies on the profile of whoever will take, so that the tap reads nothing more. The
next grant that needs it uses it up, in its own transaction; two taps at once fight for the profile's version, and one
of them finds it gone. The ledger keeps who gave it and which grant used it; the event of the take names both, too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from toolcrib.domain.change import OverrideNote
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.people import Override, Person
from toolcrib.domain.rulebook import Subject

OVERRIDABLE: Final = (
    "blocked",
    "no_access",
    "certification_missing",
    "certification_expired",
    "outside_schedule",
    "faulty",
    "service_due",
    "charge_low",
    "pair_conflict",
    "allowance_reached",
    "reserved",
    "held_for_other",
    "authorisation_required",
    "terms_required",
)
"""The refuse codes of rows 3 to 11, 13 and 14: who somebody is (1, 2) and what only they know (12) stands."""

LIFE: Final = timedelta(hours=1)  # where nobody says until when
MOST_LIFE: Final = timedelta(hours=12)  # a shift: an override is for somebody who stands there, not a rule
MOST: Final = 10  # of one person at once; they lie on the profile that every tap reads


def permission(code: str) -> str:
    """Return the permission that giving an override of a code needs."""
    return f"override:{code}"


PERMISSIONS: Final = tuple(permission(code) for code in OVERRIDABLE)


def covering(subject: Subject, code: str) -> tuple[str, Override] | None:
    """Return the override that lets this take pass in spite of a code, the first to expire, with its id; or None."""
    fits = [(key, each) for key, each in subject.person.overrides.items() if _covers(each, subject, code)]
    return min(fits, key=lambda found: (found[1].until, found[0]), default=None)


def passed(refused: Finding, override_id: str, override: Override) -> Finding:
    """Return a refusal as it passes, with what the event of the take will say of it."""
    return Finding(
        detail=f"overridden by {override.by} until {override.until:%Y-%m-%dT%H:%M:%SZ}: {refused.detail}",
        proves={
            f"{override.code}.overridden_by": override.by,
            f"{override.code}.reason_sha256": override.reason_sha256,
        },
        overrides=(override_id,),
    )


def standing(person: Person, at: datetime) -> Mapping[str, Override]:
    """Return a person's overrides that are not over."""
    return {key: each for key, each in person.overrides.items() if at < each.until}


def left(person: Person, used: tuple[str, ...], at: datetime) -> Mapping[str, Override] | None:
    """Return what is left of them after a grant that used some; None where it used none."""
    return {key: each for key, each in standing(person, at).items() if key not in used} if used else None


def notes(person: Person, used: tuple[str, ...], *, grant: str, at: datetime) -> tuple[OverrideNote, ...]:
    """Return what the ledger says of a grant that used some."""
    return tuple(note(key, person.id, person.overrides[key], at=at, grant=grant) for key in used)


def note(override_id: str, person: str, override: Override, *, at: datetime, grant: str | None = None) -> OverrideNote:
    """Return what the ledger says of an override: that it was given, or which grant used it."""
    return OverrideNote(
        id=override_id,
        person=person,
        code=override.code,
        by=override.by,
        reason_sha256=override.reason_sha256,
        at=at,
        grant=grant,
    )


def _covers(override: Override, subject: Subject, code: str) -> bool:
    asset = subject.content.asset if subject.content is not None else None
    return (
        code == override.code
        and code in OVERRIDABLE
        and subject.at < override.until
        and override.asset_type in {None, subject.asset_type.id}
        and override.asset in {None, asset}
        and override.bank in {None, subject.bank}
        and override.site in {None, subject.site.id}
        and override.by != subject.person.id
    )
