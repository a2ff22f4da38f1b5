"""All orders of a trace, or some of them, with copies; what they come to."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from math import factorial
from random import Random

from tests.proof.orders.traces import REPORTS, Trace
from tests.support import invariants
from tests.support.orders import Orders, record_now
from tests.support.world import world


@dataclass(frozen=True, kw_only=True)
class Explored:
    """How many orders led to how many ends; `differing` tells how two ends differ, empty where there is one."""

    trace: Trace
    orders: int
    ends: int
    differing: str


def explored(trace: Trace, *, copies: bool = True) -> Explored:
    """Take every order of a trace's reports; with copies of whatever was heard before between any two of them."""
    with redirect_stdout(io.StringIO()), world() as here:
        orders = Orders(here, trace.tell(here, trace.evidence)).explore(copies=1, again=copies)
        differing = ""
        try:
            orders.check()
        except AssertionError as error:
            differing = str(error)
    return Explored(trace=trace, orders=factorial(REPORTS), ends=len(orders.ends), differing=differing)


def ends_of_some(trace: Trace, orders: int, copies: int, rng: Random) -> set[str]:
    """Return the ends of some orders, chosen by chance, of a trace's reports in so many copies."""
    with redirect_stdout(io.StringIO()), world() as here:
        steps = trace.tell(here, trace.evidence)
        assert here.dynamo is not None
        before, ends = here.dynamo.snapshot(), set()
        for _ in range(orders):
            for name in rng.sample(list(steps), k=REPORTS * copies, counts=[copies] * REPORTS):
                steps[name]()
            invariants.check()
            ends.add(record_now(here))
            here.dynamo.restore(before)
    return ends
