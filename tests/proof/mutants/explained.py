"""Mutants that survive for a reason: by name, why no test can or should tell them from the original.

A name that no longer survives, or no longer exists, fails the run: what is explained here has to be true.
"""

from typing import Final

EXPLAINED: Final[dict[str, str]] = {
    "edge.signatures.x_verified__mutmut_18": "the codec's name is not case-sensitive: the same codec",
    "edge.signatures.x_verified__mutmut_30": "no key is kept under anything but text, so looking it up finds nothing",
}
