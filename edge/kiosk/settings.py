"""How one bank's screen is made: where it listens, how its cabinet looks, which language it begins with."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from edge.config import MAX_DOORS
from edge.kiosk.speaking import ENGLISH, SPOKEN, Language

USUAL_PORT: Final = 4600
MOST_COLUMNS: Final = 16
ROWS_UP_TO: Final = ((4, 4), (12, 4), (24, 6))  # a bank of at most so many doors has so many in a column; others 8
MOST_ROWS: Final = 8

Rows = Annotated[int, Meta(ge=1, le=MAX_DOORS)]


class KioskSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page on the bank's own screen: a table of `bank.toml`, whose descriptions its errors and the guide use.

    Without `columns` a cabinet is drawn as those of its size mostly are; `language` is for while nobody is known.
    """

    port: Annotated[
        int, Meta(ge=1_024, le=65_535, description="where its page is served, on 127.0.0.1", examples=[USUAL_PORT])
    ] = USUAL_PORT
    columns: Annotated[
        tuple[Rows, ...],
        Meta(max_length=MOST_COLUMNS, description="how many doors each column has, from the left", examples=[[4, 4]]),
    ] = ()
    language: Annotated[
        Language,
        Meta(description=f"what it speaks while nobody is known: {', '.join(SPOKEN)}", examples=[ENGLISH]),
    ] = ENGLISH
    photos: Annotated[bool, Meta(description="whether a fault may have a photo", examples=[True])] = True


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
