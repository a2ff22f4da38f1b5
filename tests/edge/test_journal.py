import sqlite3
from pathlib import Path

import pytest

from edge.journal import KEEP_USED_MS, Draft, Journal, JournalError, UsedGrant


def draft(name: str, kind: str = "door", cloud_ms: int | None = None) -> Draft:
    return Draft(id=name, kind=kind, at="2026-11-21T09:00:00.000Z", mono_ms=100, cloud_ms=cloud_ms, body=b"{}")


def used(grant: str = "g1", door: int = 3, cloud_ms: int = 1) -> UsedGrant:
    return UsedGrant(grant=grant, door=door, cloud_ms=cloud_ms)


@pytest.fixture
def db() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


@pytest.fixture
def journal(db: sqlite3.Connection) -> Journal:
    return Journal(db)


def test_every_opening_is_a_boot_with_the_next_number(tmp_path: Path) -> None:
    boots = []
    for _ in range(3):
        journal = Journal.open(tmp_path / "new" / "journal.db")
        boots.append(journal.boot)
        journal.close()
    assert boots == [1, 2, 3]


def test_writes_wait_for_the_disk(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    pragmas = [journal._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    journal.close()
    assert pragmas == ["wal", 2]


def test_reports_are_numbered_from_one_within_a_boot(db: sqlite3.Connection) -> None:
    first = Journal(db)
    assert [report.seq for report in first.append([draft("a"), draft("b")])] == [1, 2]
    assert first.append([draft("c")])[0].seq == 3
    second = Journal(db)
    assert [(report.boot, report.seq) for report in second.append([draft("d")])] == [(2, 1)]
    assert second.pending() == ["a", "b", "c", "d"]


def test_a_number_is_not_given_again_after_its_report_was_acknowledged(journal: Journal) -> None:
    journal.append([draft("a")])
    journal.acknowledge(["a"])
    assert journal.append([draft("b")])[0].seq == 2


def test_a_report_stays_until_it_is_acknowledged(journal: Journal) -> None:
    (report,) = journal.append([draft("a", cloud_ms=5)])
    assert journal.find("a") == report
    assert journal.depth() == 1
    journal.acknowledge(["a", "never heard of"])
    assert journal.find("a") is None
    assert (journal.depth(), journal.pending()) == (0, [])


def test_a_used_grant_is_remembered_across_reboots(db: sqlite3.Connection) -> None:
    Journal(db).use(used())
    assert Journal(db).is_used("g1")
    assert not Journal(db).is_used("g2")


def test_a_grant_cannot_be_used_twice_nor_burnt_after_use(journal: Journal) -> None:
    journal.use(used())
    with pytest.raises(JournalError, match="no second pulse"):
        journal.use(used())
    with pytest.raises(sqlite3.IntegrityError):
        journal.burn(used(), draft("a"))
    assert journal.pending() == []


def test_depth_counts_used_grants_until_their_final_report_is_acknowledged(journal: Journal) -> None:
    journal.use(used())
    assert journal.depth() == 1
    journal.append([draft("opened")])
    assert journal.depth() == 2
    journal.append([draft("closed")], settles="g1")
    assert (journal.depth(), journal.unsettled()) == (2, [])
    journal.acknowledge(["opened", "closed"])
    assert journal.depth() == 0


def test_a_burnt_grant_is_used_settled_and_reported_in_one(journal: Journal) -> None:
    report = journal.burn(used(), draft("a"))
    assert (report.seq, journal.is_used("g1"), journal.unsettled(), journal.pending()) == (1, True, [], ["a"])


def test_grants_without_an_end_are_found_at_boot(db: sqlite3.Connection) -> None:
    journal = Journal(db)
    journal.use(used("g1", door=3))
    journal.use(used("g2", door=4))
    journal.append([draft("closed")], settles="g1")
    assert Journal(db).unsettled() == [used("g2", door=4)]


def test_doors_that_stand_open_are_remembered(db: sqlite3.Connection) -> None:
    journal = Journal(db)
    journal.append([draft("opened")], door=(3, True))
    journal.append([draft("forced")], door=(4, True))
    journal.append([draft("closed")], door=(3, False))
    assert Journal(db).open_doors() == {4}
    journal.remember_door(4, is_open=False)
    assert Journal(db).open_doors() == frozenset()


def test_undated_reports_of_this_boot_are_dated_once_the_time_is_known(db: sqlite3.Connection) -> None:
    Journal(db).append([draft("earlier boot")])
    journal = Journal(db)
    journal.append([draft("a"), draft("b", cloud_ms=7)])
    journal.date(ahead_ms=1_000, cloud_ms=2_000)
    found = [journal.find(name) for name in ("earlier boot", "a", "b")]
    assert [report and report.cloud_ms for report in found] == [None, 1_100, 7]


def test_marks_are_dropped_after_a_week_but_never_before_their_story_ended(journal: Journal) -> None:
    journal.burn(used("old"), draft("a"))
    journal.use(used("old, unsettled"))
    journal.burn(used("young", cloud_ms=2), draft("b"))
    journal.date(ahead_ms=0, cloud_ms=2 + KEEP_USED_MS)
    assert [journal.is_used(grant) for grant in ("old", "old, unsettled", "young")] == [False, True, True]


def test_two_controllers_cannot_share_a_journal(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db")
    with pytest.raises(JournalError, match="stop the other controller"):
        Journal.open(tmp_path / "journal.db")
    journal.close()


def test_a_damaged_journal_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4_096)
    with pytest.raises(JournalError, match="enrol the bank again"):
        Journal.open(tmp_path / "journal.db")


def test_a_journal_of_a_newer_version_is_refused(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA user_version=99")
    with pytest.raises(JournalError, match="schema 99"):
        Journal(db)
