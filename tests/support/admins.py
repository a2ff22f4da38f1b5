"""Requests as the HTTP API hands them to flows."""

from datetime import datetime, timedelta

from tests.support.workplace import NOW, ORG
from toolcrib.domain.principals import Asked, Principal, Role, Sight

ADMIN = Principal(subject="sub-admin", org=ORG, role=Role.ADMIN)
SUPERVISOR = Principal(subject="sub-supervisor", org=ORG, role=Role.SUPERVISOR, sites=("hq",))
ELSEWHERE = Principal(subject="sub-elsewhere", org=ORG, role=Role.SUPERVISOR, sites=("dock",))
STRANGER = Principal(subject="sub-stranger", org="globex", role=Role.ADMIN)


def own(at: datetime, who: str, op: str) -> Asked:
    """Return what somebody asks about what is theirs."""
    principal = Principal(subject=f"sub-{who}", org=ORG, role=Role.SELF, person=who)
    return Asked(by=principal, sight=Sight.OWN, at=at, op=op)


def asked(op: str, *, by: Principal = ADMIN, at: datetime = NOW, later: timedelta = timedelta()) -> Asked:
    sight = Sight.SITES if by.role is Role.SUPERVISOR else Sight.ORG
    return Asked(by=by, sight=sight, at=at + later, op=op)
