"""G9, the long form: `ALERT_MONTHS` months (20) of `ALERT_LOANS` loans (500) and `ALERT_DAYS` days (30)."""

import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from infra.cli.costs import NOTICE_READS, NOTICE_WRITES
from tests.proof.alerts.crowd import Cost, told
from tests.proof.alerts.judge import judged
from tests.proof.alerts.month import Plan, month
from tests.proof.figures import Figure, Say
from tests.proof.resuming import Work

MONTHS = int(os.environ.get("ALERT_MONTHS") or 20)
LOANS = int(os.environ.get("ALERT_LOANS") or 500)
DAYS = int(os.environ.get("ALERT_DAYS") or 30)
IN_TIME_S = 15 * 60


def prove(say: Say) -> Sequence[Figure]:
    """Play the months; each is a piece of its own, and stays done."""
    work = Work("alerts", f"{LOANS}-{DAYS}")
    done = dict(work.done())
    for seed in range(1, MONTHS + 1):
        if str(seed) not in done:
            done[str(seed)] = played(Plan(seed=seed, loans=LOANS, days=DAYS))
            work.keep(str(seed), done[str(seed)])
            say(f"{seed} of {MONTHS} months: {done[str(seed)]}")
    months = list(done.values())
    loans, records, messages = (sum(each[name] for each in months) for name in ("loans", "records", "messages"))
    wrong = [each for one in months for each in one["wrong"]]
    slowest = max(each["slowest_s"] for each in months)
    waited, back, words = (sum(each[name] for each in months) for name in ("waited", "back", "words"))
    again = max(each["again_s"] for each in months)
    for each in wrong:
        say(each)
    crowd = told(500)
    fits = f"{len(wrong)} of {records:,} records, {messages:,} messages"
    slow = f"{slowest / 60:.0f} min, of {waited:,}"
    other = f"{again / 60:.0f} min, of {back:,} mails and {words:,} words of SES"
    mails = f"{crowd.told} in {crowd.seconds / 60:.0f} min, {crowd.throttled} turned away"
    units = f"{crowd.writes:.0f} write, {crowd.reads:.0f} read"
    return (
        _figure("loans, with sweeps doubled, missed, overlapping", "10,000", f"{loans:,}", loans >= 10_000),
        _figure("records and messages that do not fit I10, or the cooldown", "0", fits, not wrong),
        _figure("slowest word after Slack was down for a day", "≤ 15 min", slow, waited > 0 and slowest <= IN_TIME_S),
        _figure(
            "slowest word by another way after a mail came back", "≤ 15 min", other, back > 0 and again <= IN_TIME_S
        ),
        _figure("500 due at once, SES at one a second", "≤ 15 min", mails, crowd.seconds <= IN_TIME_S),
        _figure("units of DynamoDB for a notice alone", f"{NOTICE_WRITES}, {NOTICE_READS}", units, within(crowd)),
    )


def within(crowd: Cost) -> bool:
    """Whether a crowd was told for what the bill says."""
    return crowd.told == crowd.due and crowd.writes <= NOTICE_WRITES and crowd.reads <= NOTICE_READS


def played(plan: Plan) -> dict[str, Any]:
    """Play a month and judge it; nothing is logged."""
    logging.disable(logging.CRITICAL)
    try:
        with month(plan) as here:
            here.run()
            return asdict(judged(here))
    finally:
        logging.disable(logging.NOTSET)


def _figure(name: str, bar: str, reached: str, held: bool) -> Figure:
    return Figure(goal="G9", name=name, bar=bar, reached=reached, held=held)
