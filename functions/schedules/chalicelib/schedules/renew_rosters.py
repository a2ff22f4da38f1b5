"""Every five minutes: banks whose roster is not right any more, or will not last, get another (safety.md, I12, I17).

What every run reads is each bank with its doors and three small items. People are read once for all banks, and only
where something changed: the rules, what lies where, who was edited, or the age of a roster.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from chalicelib.rosters.roster import roster
from chalicelib.rosters.writing import forget_roster, tell_roster, written
from toolcrib.domain.doors import Bank
from toolcrib.domain.offline.issuing import Latest, Staff, Wants, fresh_until, wants
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook
from toolcrib.store.banks import find_bank, list_bank_ids
from toolcrib.store.rosters import find_latest, put_body, read_staff, save_issued, save_latest
from toolcrib.store.rulebook import read_stamp, rule_book
from toolcrib.store.staff import find_mark
from toolcrib.telemetry import count, record

LEAST_TIME_S = 30.0  # for one more bank
AT_ONCE = 100  # banks whose latest roster is read at once


def handle(org: str, *, now: datetime, time_left_s: Callable[[], float] = lambda: 300.0) -> dict[str, int]:
    """Look after the roster of every bank; returns how many banks there are, and how many rosters were told or taken.

    What is left for the next run, because there was no time, is counted too.
    """
    done = {"banks": 0, "looked_at": 0, "told": 0, "forgotten": 0, "left_for_next_run": 0}
    edited_at, stamp = find_mark(org), read_stamp(org)
    book = rule_book(org, stamp)
    banks = [bank for bank in (find_bank(org, each) for each in list_bank_ids(org)) if bank is not None]
    known = _latest(org, banks)
    sign = _signature(banks, stamp)
    wanted = {bank.id: wants(bank, known.get(bank.id), sign, edited_at, now) for bank in banks}
    done["banks"] = len(banks)
    for bank in banks:
        if wanted[bank.id] is Wants.TO_FORGET:
            _forget(org, known[bank.id], bank, now)
            done["forgotten"] += 1
    due = sorted((each for each in banks if wanted[each.id] in {Wants.A_LOOK, Wants.ANEW}), key=_longest_ago(known))
    staff = read_staff(org) if due else None
    for place, bank in enumerate(due):
        if staff is None or time_left_s() < LEAST_TIME_S:
            done["left_for_next_run"] = len(due) - place
            break
        done["looked_at"] += 1
        done["told"] += _renew(
            org, bank, known.get(bank.id), book, staff, sign, now, anew=wanted[bank.id] is Wants.ANEW
        )
    count("RostersTold", done["told"], org=org)
    count("RosterRunsFinished", 0 if done["left_for_next_run"] else 1, org=org)
    record("renew_rosters", org=org, outcome=f"{done['looked_at']} looked at, {done['told']} told")
    return done


def _latest(org: str, banks: Sequence[Bank]) -> dict[str, Latest]:
    known: dict[str, Latest] = {}
    for begin in range(0, len(banks), AT_ONCE):
        known |= find_latest(org, [bank.id for bank in banks[begin : begin + AT_ONCE]])
    return known


def _signature(banks: Sequence[Bank], stamp: int) -> str:
    """Return what is the same for as long as no rule was edited and nothing lies elsewhere or is lent by others.

    Whatever somebody takes or brings back leaves its mark on a door, and on what else they may take everywhere.
    """
    doors = [
        (door.bank, door.number, door.size, door.capacity, door.contents, door.busy, door.unlendable, door.physical)
        for bank in banks
        for door in bank.doors
    ]
    return sha256(msgspec.json.encode((stamp, doors))).hexdigest()


def _longest_ago(known: dict[str, Latest]) -> Callable[[Bank], str]:
    """Whoever waits longest comes first, so that a run which has not time for all leaves nobody out for ever."""
    return lambda bank: known[bank.id].read_at.isoformat() if bank.id in known else ""


def _renew(
    org: str,
    bank: Bank,
    known: Latest | None,
    book: RuleBook,
    staff: Staff,
    sign: str,
    now: datetime,
    *,
    anew: bool,
) -> bool:
    """Make a bank's roster; True if the bank was told of it, because it says something else or the old one was old.

    The body is there before anybody hears of it. What broke off is done anew by the next run, under another version.
    """
    made = roster(bank, book, staff, now)
    new = written(org, made)
    if not anew and known is not None and new.essence == known.essence:
        save_latest(org, bank.id, replace(known, signature=sign, read_at=now))
        return False
    put_body(org, bank.id, new.issued.version, new.body)
    save_issued(org, bank.id, new.issued)
    tell_roster(org, bank, new)
    latest = Latest(
        issued=new.issued,
        generation=bank.generation,
        essence=new.essence,
        signature=sign,
        read_at=now,
        fresh_until=fresh_until(now, made.shortest),
    )
    save_latest(org, bank.id, latest)
    return True


def _forget(org: str, known: Latest, bank: Bank, now: datetime) -> None:
    """A bank that was revoked hears of no roster any more, not even when somebody connects in its name."""
    forget_roster(org, bank.id)
    save_latest(org, bank.id, replace(known, issued=None, read_at=now))
