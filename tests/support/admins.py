"""Requests as the HTTP API hands them to flows."""

from datetime import datetime, timedelta

from tests.support.workplace import NOW, ORG
from toolcrib.domain.principals import Asked, Principal, Role, Sight

ADMIN = Principal(subject="sub-admin", org=ORG, role=Role.ADMIN)
SUPERVISOR = Principal(subject="sub-supervisor", org=ORG, role=Role.SUPERVISOR, sites=("hq",))
ELSEWHERE = Principal(subject="sub-elsewhere", org=ORG, role=Role.SUPERVISOR, sites=("dock",))
STRANGER = Principal(subject="sub-stranger", org="globex", role=Role.ADMIN)


def asked(op: str, *, by: Principal = ADMIN, at: datetime = NOW, later: timedelta = timedelta()) -> Asked:
    sight = Sight.SITES if by.role is Role.SUPERVISOR else Sight.ORG
    return Asked(by=by, sight=sight, at=at + later, op=op)
