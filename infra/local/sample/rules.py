"""Who may take what where, for how long, and who hears of it when it is late."""

from typing import Any

GROUPS: tuple[dict[str, Any], ...] = (
    {
        "id": "engineering",
        "name": "Engineering",
        "grants": [
            {"asset_types": ["laptop", "torque-wrench", "multimeter", "thermal-camera"], "banks": ["hq-01"]},
            {"asset_types": ["tablet"], "banks": ["hq-02"]},
        ],
    },
    {
        "id": "facilities",
        "name": "Facilities",
        "grants": [
            {"categories": ["tools", "measuring"], "banks": ["hq-01"]},
            {"asset_types": ["radio"], "banks": ["hq-02"]},
        ],
    },
    {"id": "office", "name": "Office", "grants": [{"asset_types": ["laptop"], "banks": ["hq-01"]}]},
    {"id": "warehouse", "name": "Warehouse", "grants": [{"asset_types": ["barcode-scanner"], "sites": ["dock"]}]},
    {"id": "dock-maintenance", "name": "Dock maintenance", "grants": [{"categories": ["tools"], "sites": ["dock"]}]},
)

# What is said at the same moment in Slack and by mail is sent both ways; of several moments a person gets the latest.
REMIND = {"offset": "-PT30M", "to": "holder", "via": "slack"}
DUE = {"offset": "PT0S", "to": "holder", "via": "slack"}
TELL: list[dict[str, Any]] = [
    {"offset": offset, "to": to, "via": via}
    for offset, to in (("PT2H", "holder"), ("PT4H", "supervisor"))
    for via in ("slack", "email")
]
ESCALATE = [
    {"offset": "P1D", "to": "manager", "via": "email"},
    {"offset": "P2D", "to": "owner", "via": "email"},
    {"offset": "P2D", "to": "channel", "via": "slack"},
]

FALLBACK: dict[str, Any] = {"id": "fallback", "name": "Everything else", "loan_period": "PT8H", "ladder": [DUE, *TELL]}

POLICIES: tuple[dict[str, Any], ...] = (
    {
        "id": "laptops",
        "name": "Laptops: three days, back on an open day",
        "match": {"asset_type": "laptop"},
        "loan_period": "P3D",
        "closed": "start_of_next_open",
        "grace": "PT30M",
        "allowance": {"type": 1},
        "ladder": [{"offset": "-PT2H", "to": "holder", "via": "slack"}, DUE, *TELL, *ESCALATE],
    },
    {
        "id": "tablets",
        "name": "Tablets: a day",
        "match": {"asset_type": "tablet"},
        "loan_period": "P1D",
        "allowance": {"type": 1},
        "ladder": [REMIND, DUE, *TELL],
    },
    {
        "id": "scanners",
        "name": "Barcode scanners: 45 minutes, a shift has few of them",
        "match": {"asset_type": "barcode-scanner"},
        "loan_period": "PT45M",
        "grace": "PT5M",
        "allowance": {"type": 1},
        "ladder": [
            {"offset": "-PT10M", "to": "holder", "via": "slack"},
            {"offset": "PT0S", "to": "holder", "via": "slack", "repeat": {"every": "PT15M", "until": "PT1H"}},
            *TELL,
        ],
    },
    {
        "id": "tools",
        "name": "Tools: back by half past five",
        "match": {"category": "tools"},
        "loan_period": {"until": "17:30"},
        "closed": "end_of_previous_open",
        "grace": "PT15M",
        "allowance": {"category": 3},
        "ladder": [REMIND, DUE, *TELL],
    },
    {
        "id": "measuring",
        "name": "Measuring instruments: four hours",
        "match": {"category": "measuring"},
        "loan_period": "PT4H",
        "allowance": {"category": 2},
        "ladder": [REMIND, DUE, *TELL],
    },
    {
        "id": "thermal-camera",
        "name": "The thermal camera: two hours, never overnight",
        "match": {"asset_type": "thermal-camera"},
        "loan_period": "PT2H",
        "curfew": {"at": "19:30"},
        "ladder": [REMIND, {**DUE, "urgent": True}, *TELL, *ESCALATE],
    },
    {
        "id": "radios",
        "name": "Radios: until the evening",
        "match": {"asset_type": "radio", "site": "hq"},
        "loan_period": {"until": "19:45"},
        "ladder": [DUE, *TELL],
    },
)
