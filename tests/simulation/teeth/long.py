"""G2, the long form: every planted bug, found from several beginnings."""

from collections.abc import Sequence

from tests.proof.figures import Figure, Say
from tests.proof.resuming import Work
from tests.simulation.teeth.bugs import BUGS
from tests.simulation.teeth.hunt import WITHIN, Found, hunt

BEGINNINGS = (1, 1_001, 2_001)


def prove(say: Say) -> Sequence[Figure]:
    """Hunt every bug from every beginning."""
    figures, work = [], Work("teeth", str(WITHIN))
    before = work.done()
    for bug in BUGS:
        if bug in before:
            found = [None if each is None else Found(**each) for each in before[bug]]
        else:
            found = [hunt(bug, first=first) for first in BEGINNINGS]
            work.keep(bug, [None if each is None else vars(each) for each in found])
        tries = ", ".join("never" if each is None else str(each.tries) for each in found)
        say(f"{bug}: after {tries} seeds; {found[0].broken[:100] if found[0] else ''}")
        name, bar = f"planted: {bug}", f"found within {WITHIN} seeds"
        figures.append(Figure(goal="G2", name=name, bar=bar, reached=f"after {tries}", held=None not in found))
    return figures
