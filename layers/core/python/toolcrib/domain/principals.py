"""Who asks over HTTP, how much of the org they may see, and one request of theirs (safety.md, threats 23 and 24)."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.record import Record
from toolcrib.domain.refusals import NotFound


class Role(StrEnum):
    """What a principal is to the org; what each may do stands beside the routes."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SELF = "self"
    MACHINE = "machine"


class Sight(StrEnum):
    """How much a role sees on a route: the whole org, what belongs to its sites, or what is its own."""

    ORG = "org"
    SITES = "sites"
    OWN = "own"


class Principal(Record, frozen=True, kw_only=True):
    """Whom a token speaks for. `person` is who that is among the org's people; `sites` are a supervisor's."""

    subject: str
    org: str
    role: Role
    person: str | None = None
    sites: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """Who is written down as having asked."""
        return self.person or self.subject


class Asked(Record, frozen=True, kw_only=True):
    """One request: by whom, with how much sight, when, and as which operation (the same for a repeat)."""

    by: Principal
    sight: Sight
    at: datetime
    op: str

    @property
    def org(self) -> str:
        """The org everything asked for is looked up in; never taken from a path or a body."""
        return self.by.org

    def sees(self, *, site: str | None = None, person: str | None = None) -> bool:
        """Whether something of this site and this person may be seen; what belongs to no site is the org's."""
        if self.sight is Sight.SITES:
            return site is not None and site in self.by.sites
        if self.sight is Sight.OWN:
            return person is not None and person == self.by.person
        return True

    def only(self, *, site: str, person: str | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what a list may show: which values its field for site or for person may have; empty for everything."""
        if self.sight is Sight.ORG:
            return ()
        if self.sight is Sight.SITES:
            return ((site, self.by.sites),)
        return ((site, ()),) if person is None else ((person, (self.by.person or "",)),)

    def must_see(self, what: str, *, site: str | None = None, person: str | None = None) -> None:
        """Raise the same `NotFound` as for a missing thing unless it may be seen."""
        if not self.sees(site=site, person=person):
            raise NotFound(detail=f"no such {what}")
