"""What a sweep costs follows what is due, and is what the docs say; `make bench` does the same among a million."""

from pathlib import Path

from infra.cli.costs import BILL
from tests.benchmarks.sweeping import sweep_costs


def test_a_sweep_costs_what_the_docs_say_however_many_loans_are_out() -> None:
    few, many = sweep_costs(500)
    for alone, among_others in zip((few, many), sweep_costs(1_500), strict=True):
        assert (alone.requests, alone.read_units, alone.write_units) == (
            among_others.requests,
            among_others.read_units,
            among_others.write_units,
        )
    price = {line.what: line.price for line in BILL}
    cents = 100 * (many.read_units * price["DynamoDB reads"] + many.write_units * price["DynamoDB writes"])
    page = " ".join(Path("docs/deploy.md").read_text().split())
    assert f"{many.requests:,} requests to the table" in page
    assert f"{many.read_units:,.0f} read and {many.write_units:,} write units: {cents:.2f} cents" in page
    assert f"With 10 due it is {few.requests} requests, {few.read_units:.0f} read and {few.write_units} write" in page
