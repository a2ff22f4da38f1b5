"""Event lines: one for what changed, in plain words, and none for what did not."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.changes import Changed
from infra.local.lines import line, step
from tests.support import loans
from tests.support.workplace import NOW
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import replace

NOTICE = Notice(id="n", loan="l", step="PT2H", to=To.HOLDER, recipient="lena", via=Via.EMAIL, due_at=NOW)
CASE = Case(id="c", kind=CaseKind.FORCED, opened_at=NOW, bank="hq-01", door=3, asset="laptop-01")


def told(before: Any, after: Any) -> tuple[str, str] | None:
    return line(Changed(at=NOW, before=before, after=after))


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def test_taken_with_its_due_time() -> None:
    pending = loans.taken(state=LoanState.PENDING)
    assert told(pending, loans.taken()) == (
        "loan",
        "[green]p-1 has taken drill-1[/green] from hq-01 door 1, due Fri 20 Nov 2026 17:00 UTC",
    )


def test_brought_back_to_where_it_was_put() -> None:
    back = loans.taken(state=LoanState.CLOSED, return_bank="hq-02", return_door=7)
    assert told(loans.taken(), back) == ("loan", "[green]p-1 has brought back drill-1[/green], into hq-02 door 7")
    by_hand = loans.taken(state=LoanState.CLOSED)
    assert told(loans.taken(), by_hand) == ("loan", "[green]p-1 has brought back drill-1[/green], by hand")


def test_not_taken_after_all() -> None:
    assert told(loans.taken(state=LoanState.PENDING), loans.taken(state=LoanState.VOID)) == (
        "loan",
        "p-1 has not taken drill-1",
    )


def test_a_new_due_time() -> None:
    later = loans.taken(due_version=2, due_at=NOW + timedelta(days=1))
    assert told(loans.taken(), later) == ("loan", "drill-1 of p-1 is now due Sat 21 Nov 2026 09:00 UTC")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (NoticeState.SENT, "[yellow]holder lena was told[/yellow] by email: due PT2H ago"),
        (NoticeState.SUPERSEDED, "holder lena is spared due PT2H ago by email: a later word goes out"),
        (NoticeState.CANCELLED, "holder lena is not told due PT2H ago by email: no longer true"),
        (NoticeState.GIVEN_UP, "[red]holder lena could not be reached[/red] by email: due PT2H ago (mail_refused)"),
    ],
)
def test_how_a_notice_ended(state: NoticeState, said: str) -> None:
    assert told(NOTICE, replace(NOTICE, state=state, last_error="mail_refused")) == ("notice", said)


def test_a_case_is_opened_and_closed() -> None:
    assert told(None, CASE) == ("case", "[red]case: forced[/red] (laptop-01, hq-01, door 3)")
    resolved = replace(CASE, state=CaseState.RESOLVED, resolution="all there")
    assert told(CASE, resolved) == ("case", "case closed: forced, all there")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, loans.taken(state=LoanState.PENDING)),
        (loans.taken(), loans.taken(version=2)),
        (None, NOTICE),
        (NOTICE, replace(NOTICE, state=NoticeState.SENDING)),
        (CASE, replace(CASE, version=2)),
    ],
)
def test_what_is_under_way_or_unchanged_has_no_line(before: Any, after: Any) -> None:
    assert told(before, after) is None


def test_what_looks_like_markup_stays_text() -> None:
    found = told(None, replace(CASE, asset="[bold]x"))
    assert found is not None
    assert r"\[bold]x" in found[1]


@pytest.mark.parametrize(
    ("offset", "words"),
    [("-PT30M", "due in PT30M"), ("PT0S", "due now"), ("P1D", "due P1D ago"), ("case forced", "case forced")],
)
def test_a_step_in_words(offset: str, words: str) -> None:
    assert step(offset) == words
