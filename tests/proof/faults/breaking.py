"""Scenes of what breaks whoever looks at it, by a fault of ours: left alone for a while, and done when it is mended."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from chalicelib.notices.saying import facts_of
from tests.proof.faults.alerted import Together, several_in_one_message
from tests.proof.faults.kept import a_loan_is_late, a_notice_is_left, by_slack
from tests.proof.faults.runs import Batch, Run
from tests.proof.faults.stage import Stage, aside


def _broken(where: str, nth: int) -> AbstractContextManager[Any]:
    """A function of ours that fails whatever it is given, until it is mended."""
    return patch(where, side_effect=KeyError) if nth == 0 else nullcontext()


@dataclass
class Mended(Run):
    """A run whose function is broken in one place at first."""

    where: str = ""

    def deliver(self, stage: Stage, nth: int) -> bool:
        with _broken(self.where, nth):
            return super().deliver(stage, nth)


class Sender(Batch):
    """A sender that cannot say anything at first."""

    def deliver(self, stage: Stage, nth: int) -> bool:
        with _broken("chalicelib.notices.deliver_notice.facts_of", nth):
            return super().deliver(stage, nth)


@dataclass
class WithoutOne(Together):
    """A digest of two, of one of which nothing can ever be said."""

    unsayable: str = ""

    def deliver(self, stage: Stage, nth: int) -> bool:
        def facts(org: str, notice: Any, *more: Any) -> Any:
            if notice.id == self.unsayable:
                raise KeyError
            return facts_of(org, notice, *more)

        with patch("chalicelib.notices.deliver_digest.facts_of", facts):
            done = super().deliver(stage, nth)
        with aside(stage.cloud):
            return done and not any(notice.hold_until for notice in stage.here.notices())


def a_loan_that_breaks_the_sweeper(at: Stage) -> Mended:
    return Mended(a_loan_is_late(at).function, where="toolcrib.flows.sweep._climb")


def a_notice_that_breaks_the_sweeper(at: Stage) -> Mended:
    return Mended(a_notice_is_left(at).function, where="toolcrib.flows.gather.gathers")


def a_notice_that_breaks_the_sender(at: Stage) -> Sender:
    return Sender(by_slack(at).notice)


def a_digest_of_which_one_cannot_be_said(at: Stage) -> WithoutOne:
    told = several_in_one_message(at).notice
    theirs = (each for each in at.here.notices() if each.loan is not None and at.here.loan(each.loan).person == "p-2")
    return WithoutOne(told, min(notice.id for notice in theirs))


KEPT = (
    a_loan_that_breaks_the_sweeper,
    a_notice_that_breaks_the_sweeper,
    a_notice_that_breaks_the_sender,
    a_digest_of_which_one_cannot_be_said,
)
