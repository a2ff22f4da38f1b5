"""Whether every call site of AWS was met: those that were found by running, held against those that the source has.

A site is a line of reasoning, not a line of code: `reads.find` is called by many, and a call of `reads.find` that is
never met is as bad as a call of AWS that is never met. So every call that leads to AWS, from function to function, has
to be on the way of some call that was made. What only commands reach (`toolcrib verify`, `toolcrib rebuild`) is not a
handler's.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tests.proof.faults.injector import Site
from tests.proof.faults.source import Function, functions

Edge = tuple[str, str]


def wanted() -> set[Edge]:
    """Return every call, caller and callee, that leads a handler to AWS; `aws` stands for AWS itself."""
    known = functions()
    leads, live = _leads_to_aws(known), _of_handlers(known)
    edges = {(name, called) for name in live for called in known[name].calls & leads if called != name}
    return edges | {(name, "aws") for name in live if known[name].aws}


def met(sites: Iterable[Site]) -> set[Edge]:
    """Return the calls that were on the way to these sites."""
    edges: set[Edge] = set()
    for chain in (site.chain for site in sites):
        edges.add((chain[0], "aws"))
        edges |= {(caller, called) for called, caller in pairwise(chain)}
        lazy = [name for name in chain if functions()[name].generates]
        edges |= {(caller, called) for called in lazy for caller in chain[chain.index(called) + 1 :]}
    return edges


def _leads_to_aws(known: Mapping[str, Function]) -> set[str]:
    leads = {name for name, function in known.items() if function.aws}
    while more := {name for name, function in known.items() if function.calls & leads} - leads:
        leads |= more
    return leads


def _of_handlers(known: Mapping[str, Function]) -> set[str]:
    """What the four apps can reach; where a function is reached, so is what its module does by itself."""
    todo = [name for name in known if name.startswith("functions/")]
    live: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in live:
            live.add(name)
            todo += [*known[name].mentions, f"{name.split(':')[0]}:"]
    return live
