"""A person's shifts in few bytes: every tap reads them, and every take and return pays for the item they stand on.

By the groups that they give, each as `{minutes since 1970}+{minutes}`: `{"crane,night": "29732100+480 29733540+480"}`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from toolcrib.domain.people import Shift

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_GROUPS = "*"  # no group's id; a name in a map may not be empty
_MINUTE = timedelta(minutes=1)


def packed(shifts: Iterable[Shift]) -> dict[str, str]:
    """Return shifts, of whole minutes, as they are stored."""
    by_groups: dict[str, list[str]] = {}
    for shift in shifts:
        text = f"{(shift.starts - _EPOCH) // _MINUTE}+{(shift.ends - shift.starts) // _MINUTE}"
        by_groups.setdefault(",".join(shift.groups) or _NO_GROUPS, []).append(text)
    return {groups: " ".join(texts) for groups, texts in by_groups.items()}


def unpacked(stored: Mapping[str, str]) -> tuple[Shift, ...]:
    """Return stored shifts in their order."""
    found = [
        _shift(text, () if groups == _NO_GROUPS else tuple(groups.split(",")))
        for groups, texts in stored.items()
        for text in texts.split(" ")
    ]
    return tuple(sorted(found, key=lambda shift: (shift.starts, shift.ends, shift.groups)))


def _shift(text: str, groups: tuple[str, ...]) -> Shift:
    begins, _, minutes = text.partition("+")
    starts = _EPOCH + int(begins) * _MINUTE
    return Shift(starts=starts, ends=starts + int(minutes) * _MINUTE, groups=groups)
