"""Two sites in different time zones, and their banks: one of each kind of evidence."""

from typing import Any

from infra.local.banks import Cabinet

WEEK = ("mon", "tue", "wed", "thu", "fri")
LONG_DAY = (("06:00", "20:00"),)
AT_ONCE = "PT0S"  # whoever tries things out waits for nobody to be told before
TWO_SHIFTS = (("05:00", "01:00"),)  # the second ends past midnight

SITES: tuple[dict[str, Any], ...] = (
    {
        "id": "hq",
        "name": "Headquarters Berlin",
        "time_zone": "Europe/Berlin",
        "opening_hours": {**dict.fromkeys(WEEK, LONG_DAY), "sat": (("08:00", "14:00"),)},
        "closed_days": ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-31", "2027-01-01"],
        "supervisors": ["petra.vogel", "tomasz.zielinski"],
        "channel": "#hq-tools",
        "cooldown": AT_ONCE,
    },
    {
        "id": "dock",
        "name": "Dock Chicago",
        "time_zone": "America/Chicago",
        "opening_hours": dict.fromkeys((*WEEK, "sat"), TWO_SHIFTS),
        "closed_days": ["2026-11-26", "2026-12-25", "2027-01-01"],
        "supervisors": ["denise.walker"],
        "channel": "#dock-tools",
        "cooldown": AT_ONCE,
    },
)

# The doors of hq-02 are small: what was taken at hq-01 does not fit in, so a tap there is about its tablets and radios.
BANKS: tuple[Cabinet, ...] = (
    Cabinet(id="hq-01", site="hq", doors=12, evidence="tags", mode="kiosk", size="L"),
    Cabinet(id="hq-02", site="hq", doors=8, evidence="presence", mode="express", size="S"),
    Cabinet(id="dock-01", site="dock", doors=24, evidence="door_only", mode="express", size="L"),
)
