import sqlite3

import pytest

from edge.service.pulse import LATE_MS, described, is_alive
from tests.edge.rig import Rig


def test_a_bank_that_does_what_is_due_is_alive() -> None:
    rig = Rig()
    rig.boot()
    assert is_alive(rig.bank, rig.now)


def test_a_bank_that_is_behind_is_not() -> None:
    rig = Rig()
    rig.boot()
    due_ms = rig.bank.due_at_ms()
    assert due_ms is not None
    rig.mono_ms = due_ms + LATE_MS - 1
    assert is_alive(rig.bank, rig.now)
    rig.mono_ms += 1
    assert not is_alive(rig.bank, rig.now)


def test_a_bank_whose_journal_cannot_be_read_ends() -> None:
    rig = Rig()
    rig.boot()
    rig.db.close()
    with pytest.raises(sqlite3.Error):
        is_alive(rig.bank, rig.now)


def test_a_status_line_says_how_the_bank_is() -> None:
    rig = Rig()
    rig.boot(connect=False)
    assert described(rig.bank) == "acme:hq-01 not connected, reports waiting: 0"
