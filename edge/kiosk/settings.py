"""How one bank's screen is made: where it listens, how its cabinet looks, which language it begins with."""

from dataclasses import dataclass
from typing import Final

from edge.kiosk.speaking import ENGLISH, SPOKEN

USUAL_PORT: Final = 4600
MOST_COLUMNS: Final = 16
ROWS_UP_TO: Final = ((4, 4), (12, 4), (24, 6))  # a bank of at most so many doors has so many in a column; others 8
MOST_ROWS: Final = 8


@dataclass(frozen=True, kw_only=True)
class KioskSettings:
    """`columns` says how many doors stand in each column from the left; empty: as cabinets of that size mostly are.

    `language` is what the screen speaks while nobody is known. Raises ValueError for what cannot be drawn.
    """

    port: int = USUAL_PORT
    columns: tuple[int, ...] = ()
    language: str = ENGLISH
    photos: bool = True

    def __post_init__(self) -> None:
        if self.language not in SPOKEN:
            raise ValueError(f"language {self.language!r} is not spoken here: choose {', '.join(SPOKEN)}")
        if len(self.columns) > MOST_COLUMNS or any(rows < 1 for rows in self.columns):
            raise ValueError(f"columns {self.columns}: give 1 to {MOST_COLUMNS} columns with at least one door each")


def laid_out(doors: int, columns: tuple[int, ...] = ()) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the doors column by column, each from the top.

    Raises ValueError where the columns do not add up to the doors.
    """
    if columns and sum(columns) != doors:
        raise ValueError(f"columns {columns} hold {sum(columns)} doors, the bank has {doors}: count them again")
    rows = next((rows for most, rows in ROWS_UP_TO if doors <= most), MOST_ROWS)
    heights = columns or tuple(min(rows, doors - first) for first in range(0, doors, rows))
    numbers = iter(range(1, doors + 1))
    return tuple(tuple(next(numbers) for _ in range(height)) for height in heights)
