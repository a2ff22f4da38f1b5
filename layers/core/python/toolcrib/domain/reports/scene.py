"""What a settlement looks at: a report, and everything on record that it may concern, loaded beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case
from toolcrib.domain.change import Change
from toolcrib.domain.doors import MAX_SEQS, Door
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan
from toolcrib.domain.rulebook import RuleBook


class Outcome(StrEnum):
    """What a door did (design.md, `door`)."""

    OPENED = "opened"
    CLOSED = "closed"
    NOT_OPENED = "not_opened"
    LEFT_OPEN = "left_open"
    JAMMED = "jammed"
    FORCED = "forced"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A door report in the domain's terms. `evidence` is the level that this report really carries."""

    op: str
    at: datetime
    outcome: Outcome
    grant: str | None
    evidence: Evidence
    present: bool | None = None
    tags: tuple[str, ...] | None = None
    boot: int = 0
    seq: int | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something to say to whoever stands at the door; `send/bank_words.py` has the words."""

    level: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What a report comes to: a change (None when it says nothing new) and what to say."""

    name: str
    change: Change | None = None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A report and the record around it.

    `assets`, `loans` and `cases` hold by id whatever the report may touch; `tags` leads from each tag that is not
    of the door's own contents to its asset, or to None when nobody knows it; `elsewhere` holds the other doors in
    which such an asset is recorded, by asset.
    """

    report: Report
    door: Door
    site: str
    book: RuleBook
    assets: Mapping[str, Asset] = field(default_factory=dict)
    loans: Mapping[str, Loan] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    tags: Mapping[str, str | None] = field(default_factory=dict)
    elsewhere: Mapping[str, Door] = field(default_factory=dict)

    def draft(self, person: str | None) -> Draft:
        """Return an empty draft whose moves are caused by this report."""
        report = self.report
        cause = Cause(
            op=report.op, at=report.at, evidence=report.evidence, person=person, bank=self.door.bank,
            door=self.door.number, grant=report.grant,
        )  # fmt: skip
        draft = Draft(cause=cause, site=self.site)
        draft.door(self.door, seqs=noted(self.door, report))
        return draft

    def case_of(self, asset: Asset) -> Case | None:
        """Return the case that is open about an asset, if any."""
        return self.cases.get(asset.case or "")

    def gone(self, tag: str | None) -> bool | None:
        """Whether what wears `tag` and lay here is no longer inside; None where nothing could see that."""
        report = self.report
        if report.evidence is Evidence.TAGS and tag is not None:
            return tag not in (report.tags or ())
        if report.evidence is not Evidence.DOOR_ONLY and report.present is not None and len(self.door.contents) <= 1:
            return not report.present
        return None

    def strangers(self) -> tuple[Asset, ...]:
        """Return the assets seen inside that are not recorded here."""
        found = (self.assets[asset] for asset in self.tags.values() if asset is not None)
        return tuple(dict.fromkeys(found)) if self.report.evidence is Evidence.TAGS else ()

    def unknown_tags(self) -> tuple[str, ...]:
        """Return the tags seen inside that nobody knows."""
        unknown = (tag for tag, asset in self.tags.items() if asset is None)
        return tuple(sorted(unknown)) if self.report.evidence is Evidence.TAGS else ()


def noted(door: Door, report: Report) -> tuple[tuple[int, int], ...]:
    """Return the door's memory of report numbers with this one in it (safety.md, I9: gaps are found)."""
    if report.seq is None or (report.boot, report.seq) in door.seqs:
        return door.seqs
    return (*door.seqs, (report.boot, report.seq))[-MAX_SEQS:]
