"""Requests to others who are not there to agree to a take: asked, approved or refused, used or expired (row 13)."""

from datetime import datetime
from enum import StrEnum

from toolcrib.domain.authorisers import APPROVAL_LIFE, Authoriser
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import Record


class AuthorisationState(StrEnum):
    """`asked → approved → used`, or `refused`, or `expired`; only the first two wait for something."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    USED = "used"


OPEN = frozenset({AuthorisationState.ASKED, AuthorisationState.APPROVED})


class Authorisation(Record, frozen=True, kw_only=True):
    """One request of `person`, who wants to take a thing of a type at a site, and what others said.

    It is answered within 15 min of `asked_at`, by as many as `demands` say; one refusal is enough. What is approved
    has to be used by `until`. `group` is whom it is shown to, where the demands name one.
    """

    id: str
    person: str
    type: str
    bank: str
    site: str
    asked_at: datetime
    until: datetime
    demands: tuple[Authorisers, ...]
    group: str | None = None
    state: AuthorisationState = AuthorisationState.ASKED
    approved: tuple[Authoriser, ...] = ()
    refused_by: str | None = None
    version: int = 1

    def state_at(self, at: datetime) -> AuthorisationState:
        """Return its state: nobody has to note that it is over for it to be over."""
        return AuthorisationState.EXPIRED if self.state in OPEN and at > self.until else self.state

    def can_be_answered(self, at: datetime) -> bool:
        """Whether somebody may still approve or refuse it."""
        return self.state_at(at) is AuthorisationState.ASKED and at <= self.asked_at + APPROVAL_LIFE
