"""For how long a bank may lend things of a type by itself (safety.md, threats 17 and 18).

The shorter, the sooner a leaver is stopped at a bank that hears nothing; the longer, the longer a dead line is borne.
"""

from datetime import timedelta
from typing import Final

from toolcrib.domain.assets import AssetType

LONGEST: Final = timedelta(hours=24)  # of any type, whatever it says itself
VALUABLE_FROM: Final = 1000  # replacement value, whole units of the org's currency
VALUABLE: Final = timedelta(hours=4)
MOST_TAKES: Final = 10  # of a type in one roster: a bank counts what goes out, not what came back


def life(kind: AssetType) -> timedelta:
    """Return for how long after a roster was made things of a type may be lent by it; nothing means never.

    The type's own `offline_life` counts, where it has one: else 24 h, and 4 h for what is worth 1,000 or more.
    """
    usual = VALUABLE if kind.replacement_value >= VALUABLE_FROM else LONGEST
    return min(usual if kind.offline_life is None else kind.offline_life, LONGEST)
