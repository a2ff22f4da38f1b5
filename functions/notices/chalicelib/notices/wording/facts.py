"""What a notice can speak of, gathered from the records; names are made safe to show here, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.notices.wording.speech import Speech
from toolcrib.domain.assets import Asset, AssetType
from toolcrib.domain.authorisations import Authorisation
from toolcrib.domain.cases import Case
from toolcrib.domain.digests import Summary
from toolcrib.domain.endings import certification_of, owed
from toolcrib.domain.languages import ENGLISH, spoken
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Site
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.rulebook import RuleBook
from toolcrib.send.slack_text import shown

REMARK_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One notice and what it is about. `now` is never before the notice's own moment; times are UTC, `zone` the site's.

    `holder` is who has the thing, or whom a case mentions; `reader` is empty for a channel. Unknown names are empty.
    Where something of the holder's ends at `ends_at`, it is the `certification`, or their time, and they have `things`.
    Of a `summary` the `lines` are the loans and cases that it names.
    Of a `request` to agree, `groups` are the names of those asked for, `answered_by` is who agreed last, or did not.
    `actions` are what the reader may press in this `org`; `acted_by` did so last.
    """

    notice: Notice
    reader: str
    language: str
    site: str
    zone: ZoneInfo
    now: datetime
    loan: Loan | None = None
    case: Case | None = None
    thing: str = ""
    thing_type: str = ""
    holder: str = ""
    bank: str = ""
    door: int | None = None
    remark: str = ""
    certification: str = ""
    ends_at: datetime | None = None
    things: tuple[str, ...] = ()
    summary: Summary | None = None
    lines: tuple["Facts", ...] = ()
    request: Authorisation | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    answered_by: str = ""
    actions: tuple[Reaction, ...] = ()
    org: str = ""
    acted_by: str = ""

    @property
    def speech(self) -> Speech:
        """How the reader is spoken to; in English where we do not speak their language."""
        return Speech(language=spoken(self.language) or ENGLISH, zone=self.zone, now=self.now)

    @property
    def tags(self) -> Mapping[str, str]:
        """What travels beside the words: ids and the step, nothing that names anybody."""
        notice = self.notice
        every = {"notice": notice.id, "loan": notice.loan, "case": notice.case, "step": notice.step}
        every["authorisation"] = notice.authorisation
        return {name: value for name, value in every.items() if value is not None}


def gathered(
    notice: Notice,
    about: Loan | Case,
    *,
    asset: Asset | None,
    asset_type: AssetType | None,
    holder: Person | None,
    reader: Person | None,
    site: Site | None,
    now: datetime,
) -> Facts:
    """Return the facts of a notice about a loan or a case; what is not known is None."""
    return replace(
        _told(notice, reader, site, about.site, now),
        loan=about if isinstance(about, Loan) else None,
        case=about if isinstance(about, Case) else None,
        thing=shown(asset.name if asset else about.asset),
        thing_type=shown(asset_type.name if asset_type else None),
        holder=shown(holder.name if holder else None),
        bank=shown(about.bank),
        door=about.door or None,
        remark=shown(about.detail, REMARK_LENGTH) if isinstance(about, Case) else "",
    )


def of_person(notice: Notice, person: Person, *, reader: Person | None, site: Site | None, now: datetime) -> Facts:
    """Return the facts of a notice about what ends of a person."""
    return replace(
        _told(notice, reader, site, person.site, now),
        holder=shown(person.name),
        certification=shown(certification_of(notice.about or "")),
        ends_at=notice.ends_at,
        things=tuple(shown(name) for name in owed(person)),
    )


def of_request(
    notice: Notice,
    request: Authorisation,
    book: RuleBook,
    *,
    taker: Person | None,
    answered_by: Person | None,
    reader: Person | None,
    now: datetime,
) -> Facts:
    """Return the facts of a notice about a request to agree to a take; who is not known is None."""
    kind = book.types.get(request.type)
    asked = {each.group for each in request.demands}
    return replace(
        _told(notice, reader, book.sites.get(request.site), request.site, now),
        request=request,
        thing=shown(kind.name if kind else request.type),
        holder=shown(taker.name if taker else None),
        bank=shown(request.bank),
        groups={id_: shown(group.name) for id_, group in book.groups.items() if id_ in asked},
        answered_by=shown(answered_by.name if answered_by else None),
    )


def of_summary(
    notice: Notice,
    summary: Summary,
    lines: tuple[Facts, ...],
    *,
    reader: Person | None,
    site: Site | None,
    now: datetime,
) -> Facts:
    """Return the facts of a digest of how things stand, at a site or with what its reader owns."""
    return replace(_told(notice, reader, site, notice.site, now), summary=summary, lines=lines)


def _told(notice: Notice, reader: Person | None, site: Site | None, where: str | None, now: datetime) -> Facts:
    """Return who is told, where and when; `where` is the id of a site that is not known any more."""
    return Facts(
        notice=notice,
        reader=shown(reader.name if reader else None),
        language=reader.language if reader else site.language if site else ENGLISH,
        site=shown(site.name if site else where),
        zone=ZoneInfo(site.time_zone if site else "UTC"),
        now=max(now, notice.due_at),
    )
