"""Event lines for people: one for each loan, notice and case that changed, in plain words. Pure."""

from datetime import datetime
from typing import Any

from rich.markup import escape

from infra.local.changes import Changed, Record
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState

LOAN = {
    LoanState.OPEN: "[green]{person} has taken {asset}[/green] from {bank} door {door}, due {due}",
    LoanState.VOID: "{person} has not taken {asset}",
    LoanState.CLOSED: "[green]{person} has brought back {asset}[/green], {where}",
}
NOTICE = {
    NoticeState.SENT: "[yellow]{to} {recipient} was told[/yellow] by {via}: {step}",
    NoticeState.SUPERSEDED: "{to} {recipient} is spared {step} by {via}: a later word goes out",
    NoticeState.CANCELLED: "{to} {recipient} is not told {step} by {via}: no longer true",
    NoticeState.GIVEN_UP: "[red]{to} {recipient} could not be reached[/red] by {via}: {step} ({why})",
}


def moment(at: datetime) -> str:
    """Return an instant in this machine's time zone, to the minute."""
    return at.astimezone().strftime("%a %d %b %Y %H:%M %Z")


def line(changed: Changed) -> tuple[str, str] | None:
    """Return kind and text of what changed, None for what is not worth a line."""
    before, after = changed.before, changed.after
    if _state(before) == after.state and not _new_due(before, after):
        return None
    if isinstance(after, Loan):
        return _loan(before, after)
    return _notice(after) if isinstance(after, Notice) else _case(after)


def _loan(before: Record | None, loan: Loan) -> tuple[str, str] | None:
    if _state(before) == loan.state:
        return "loan", f"{loan.asset} of {loan.person} is now due {moment(loan.due_at)}"
    if loan.state not in LOAN:
        return None  # the door's own lines tell that something may be taken
    where = f"into {loan.return_bank} door {loan.return_door}" if loan.return_bank else "by hand"
    return "loan", _said(
        LOAN[loan.state],
        person=loan.person,
        asset=loan.asset,
        bank=loan.bank,
        door=loan.door,
        where=where,
        due=moment(loan.due_at),
    )


def _notice(notice: Notice) -> tuple[str, str] | None:
    if notice.state not in NOTICE:
        return None
    about = notice.step if notice.loan else f"case {notice.step.replace('_', ' ')}"
    return "notice", _said(
        NOTICE[notice.state],
        to=notice.to,
        recipient=notice.recipient,
        via=notice.via,
        step=step(about),
        why=notice.last_error,
    )


def _case(case: Case) -> tuple[str, str]:
    kind = case.kind.replace("_", " ")
    if case.state is CaseState.RESOLVED:
        return "case", _said("case closed: {kind}, {how}", kind=kind, how=case.resolution or "settled")
    about = [case.asset, case.person, case.bank, f"door {case.door}" if case.door else None]
    return "case", _said("[red]case: {kind}[/red] ({about})", kind=kind, about=", ".join(filter(None, about)))


def _said(words: str, **facts: Any) -> str:
    """Fill in facts; what looks like markup in them stays text."""
    return words.format(**{name: escape(str(fact)) for name, fact in facts.items()})


def step(offset: str) -> str:
    """Return a ladder's step in words: `PT2H` is «due plus PT2H»."""
    if offset == "PT0S":
        return "due now"
    if offset.startswith("-P"):
        return f"due in {offset[1:]}"
    return f"due {offset} ago" if offset.startswith("P") else offset


def _state(record: Record | None) -> str | None:
    return None if record is None else record.state


def _new_due(before: Record | None, after: Record) -> bool:
    return isinstance(before, Loan) and isinstance(after, Loan) and before.due_version != after.due_version
