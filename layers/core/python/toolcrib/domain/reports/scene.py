"""What a settlement looks at: a report, and everything on record that it may concern, loaded beforehand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import field

from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case
from toolcrib.domain.change import Change
from toolcrib.domain.doors import MAX_SEQS, Door, Grant, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.events import Cause
from toolcrib.domain.evidence import Evidence, seen
from toolcrib.domain.ids import loan_of
from toolcrib.domain.judges.finding import Fact
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.record import Record, replace
from toolcrib.domain.rulebook import RuleBook

Lending = tuple[Loan, Asset]
"""A loan and the thing that it is of."""


class Outcome(StrEnum):
    """What a door did (design.md, `door`)."""

    OPENED = "opened"
    CLOSED = "closed"
    NOT_OPENED = "not_opened"
    LEFT_OPEN = "left_open"
    JAMMED = "jammed"
    FORCED = "forced"
    UNRESOLVED = "unresolved"


class Report(Record, frozen=True, kw_only=True):
    """A door report in the domain's terms.

    `evidence` is the level that it really carries; `tags` are None where nothing could read them. `about` is a thing
    that the bank names beside it: what it lent or took back by itself.
    """

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
    about: str | None = None


class Told(Record, frozen=True, kw_only=True):
    """Something to say to whoever stands at the door; `send/words` has the sentences."""

    level: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Settlement(Record, frozen=True, kw_only=True):
    """What a report comes to: a change (None when it says nothing new) and what to say."""

    name: str
    change: Change | None = None
    told: tuple[Told, ...] = ()


REPEATED = Settlement(name="repeated")
"""It was heard before, or says nothing new."""


class Rest(Record, frozen=True, kw_only=True):
    """What is known beside a door that is told of at rest (a status), and not by what just happened there.

    `also` leads from a tag inside to another place (bank, door) that shows it at the same time.
    """

    also: Mapping[str, tuple[str, int]] = field(default_factory=dict)


class Scene(Record, frozen=True, kw_only=True):
    """A report and the record around it.

    `assets`, `loans` and `cases` hold by id whatever the report may touch; `tags` leads from each tag that is not
    of the door's own contents to its asset, or to None when nobody knows it; `elsewhere` holds the other doors in
    which such an asset is recorded, by asset; `excuses` how much of a late loan's lateness is its bank's, by loan.
    `rest` is set where a status is compared.
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
    excuses: Mapping[str, timedelta] = field(default_factory=dict)
    rest: Rest | None = None

    def draft(self, person: str | None, *, op: str | None = None) -> Draft:
        """Return an empty draft whose moves are caused by this report.

        Its operation is the grant, for the whole of a door's story, or the upload where no grant covers it; `op` where
        what happens is neither (design.md, *Operation ids*).
        """
        report = self.report
        cause = Cause(
            op=op or report.grant or report.op,
            at=report.at,
            evidence=report.evidence,
            person=person,
            bank=self.door.bank,
            door=self.door.number,
            grant=report.grant,
        )
        draft = Draft(cause=cause, site=self.site)
        draft.door(self.door, seqs=noted(self.door, report))
        return draft

    def case_of(self, asset: Asset) -> Case | None:
        """Return the case that is about an asset, alone or as part of a kit: what becomes of it answers that case."""
        case = self.cases.get(asset.case or "")
        about = (case.asset, *case.waiting) if case is not None and case.asset is not None else ()
        return case if asset.id in about else None

    def lent_by(self, grant: Grant) -> list[Lending]:
        """Return the loans that a grant began, each with its thing."""
        return [(self.loans[part.loan or ""], self.assets[part.asset]) for part in grant.parts]

    def named_by(self, grant: str) -> list[Lending]:
        """Return the loans that remember a grant which may be no longer its door's, each with its thing."""
        first = self.loans.get(loan_of(grant) or "")
        if first is None:
            return []
        loans = [self.loans[each] for each in first.parts if each in self.loans]
        return [(loan, self.assets[loan.asset]) for loan in loans if loan is first or grant in loan.grants]

    def title(self, things: Sequence[Asset], kit: str | None) -> str:
        """Return what people call these things: the kit's name, or each by its own."""
        known = self.book.kits.get(kit or "")
        return known.name if known is not None else ", ".join(each.name for each in things)

    def gone(self, asset: str, tag: str | None) -> bool | None:
        """Whether a thing that lay here is no longer inside; None where nothing could tell."""
        report = self.report
        if report.tags is not None and tag is not None:
            return tag not in report.tags
        if report.present is None:
            return None
        return False if report.present and self._alone(asset) else None if report.present else True

    def _alone(self, asset: str) -> bool:
        """Whether nothing else can be what the presence sensor feels."""
        return not self.report.tags and all(content.asset == asset for content in self.door.contents)

    def came_in(self) -> tuple[Asset, ...]:
        """Return the assets seen inside that are not recorded here."""
        found = (self.assets[asset] for asset in self.tags.values() if asset is not None)
        return tuple(dict.fromkeys(found))

    def also_at(self, asset: Asset) -> tuple[str, int] | None:
        """Return another place that shows the tag of an asset while it is seen here; None where none does."""
        return self.rest.also.get(asset.tag or "") if self.rest is not None else None

    def unknown_tags(self) -> tuple[str, ...]:
        """Return the tags seen inside that nobody knows."""
        return tuple(sorted(tag for tag, asset in self.tags.items() if asset is None))

    def level(self, asset: Asset) -> Evidence:
        """Return what this report proves of one asset: a reader sees what wears a tag, whatever the grant is about."""
        by_tag = self.report.tags is not None and asset.tag is not None
        return Evidence.TAGS if by_tag else proves(self.report, self.door, asset).evidence

    def loan_of(self, asset: Asset) -> Loan | None:
        """Return the loan an asset is out on: its own, or the one that a take in flight at its door began."""
        elsewhere = self.elsewhere.get(asset.id)
        grant = elsewhere.grant if elsewhere is not None else None
        taking = grant.parts if grant is not None and grant.live and grant.purpose is Purpose.TAKE else ()
        begun = next((part.loan for part in taking if part.asset == asset.id), None)
        loan = self.loans.get(asset.loan or begun or "")
        return loan if loan is not None and loan.state in {LoanState.OPEN, LoanState.PENDING} else None


def noted(door: Door, report: Report) -> tuple[tuple[int, int], ...]:
    """Return the door's memory of report numbers with this one in it (safety.md, I9: gaps are found)."""
    if report.seq is None or (report.boot, report.seq) in door.seqs:
        return door.seqs
    return (*door.seqs, (report.boot, report.seq))[-MAX_SEQS:]


def proves(report: Report, door: Door, granted: Asset | None) -> Report:
    """Return the report at the level it carries for the thing its grant is about.

    A reader cannot have seen what wears no tag, and presence proves nothing where something else may be what is felt.
    """
    seen_by_tag = granted is not None and granted.tag is not None and report.tags is not None
    if granted is None or seen_by_tag or report.evidence is Evidence.DECLARED:
        return report
    level = seen(report.evidence, present=report.present, tags=None)
    others = bool(report.tags) or any(content.asset != granted.id for content in door.contents)
    doubtful = level is Evidence.PRESENCE and report.present is True and others
    return replace(report, evidence=Evidence.DOOR_ONLY if doubtful else level)
