"""What the table's stream does, for tests that have no stream."""

from datetime import datetime

from chalicelib.notices import amend_notice
from toolcrib.store.said import list_said


def outdate(about: str, org: str, now: datetime) -> None:
    """Let what was said of a loan, case or request be marked, and each of those notices be brought."""
    amend_notice.outdate(about, org, now)
    for notice_id in list_said(org, about):
        amend_notice.amend(notice_id, org, now)
