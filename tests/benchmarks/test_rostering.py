"""What rosters cost follows how many people there are, and is what the docs say; `make bench` does it with 5,000."""

import re
from pathlib import Path

from infra.cli.costs import BILL
from tests.benchmarks.rostering import roster_costs

FULL = 5_000


def test_a_roster_costs_what_the_docs_say() -> None:
    few, more = roster_costs(100), roster_costs(200)
    units = more.meter.read_units - few.meter.read_units
    size = (more.size - few.size) * FULL / 100
    whole = few.meter.read_units + units * (FULL - 100) / 100
    page = " ".join(Path("docs/deploy.md").read_text().split())
    told = re.search(r"([\d,]+) read units for 5,000 people with a badge each, ([\d.]+) cents", page)
    assert told is not None
    assert abs(float(told[1].replace(",", "")) - whole) < whole / 20
    price = {line.what: line.price for line in BILL}["DynamoDB reads"]
    assert f"{100 * price * whole:.2f}" == told[2]
    large = re.search(r"Such a roster has ([\d.]+) MB", page)
    assert large is not None
    assert abs(float(large[1]) - size / 1e6) < 0.1


def test_nothing_is_written_but_three_small_items() -> None:
    assert roster_costs(50).meter.write_units <= 4
