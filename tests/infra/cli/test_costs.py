"""What the docs say a deployment costs is what the model comes to, and the model counts what is deployed."""

from pathlib import Path

import pytest

from infra.cli.costs import BILL, NOTICE_READS, NOTICE_WRITES, monthly, note, thousand_notices, total
from tests.support.stacks import functions, of_kind

SIZES = {"50": 3, "500": 10, "5,000": 60}  # loans a day: banks


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


@pytest.fixture(scope="module")
def page() -> str:
    return Path("docs/deploy.md").read_text()


@pytest.mark.parametrize("line", BILL, ids=lambda line: line.what)
def test_each_line_of_the_bill_is_in_the_docs_as_it_comes_out(page: str, line: object) -> None:
    what, noted = next((each.what, each.note) for each in BILL if each is line)
    bills = [monthly(banks=banks, loans_a_day=int(loans.replace(",", ""))) for loans, banks in SIZES.items()]
    assert _row(what, *(f"{bill[what]:.2f}" for bill in bills), noted) in page


def test_the_docs_add_up(page: str) -> None:
    sums = [total(banks=banks, loans_a_day=int(loans.replace(",", ""))) for loans, banks in SIZES.items()]
    assert _row("**a month**", *(f"**{each:.2f}**" for each in sums), "") in page


def test_the_price_of_a_thousand_notices_is_in_the_docs(page: str) -> None:
    told = f"cost {thousand_notices(mail=True):.2f} dollars by mail and {thousand_notices(mail=False):.2f} in Slack"
    assert told in page
    assert f"{NOTICE_WRITES} write and {NOTICE_READS} read units each" in page


def test_alarms_and_secrets_are_counted_as_deployed() -> None:
    standing = {line.what: line.standing for line in BILL}
    assert standing["Alarms"] == 2 * len(functions()) + len(of_kind("AWS::CloudWatch::Alarm"))
    assert standing["Secrets"] == len(of_kind("AWS::SecretsManager::Secret"))


def test_more_use_never_costs_less() -> None:
    for line in BILL:
        few, many = (line.dollars(banks=times, loans=100 * times) for times in (1, 10))
        assert 0 <= few <= many, line.what


def test_whoever_deploys_is_told() -> None:
    assert note().startswith(f"About ${total(banks=3, loans_a_day=0):.0f} a month with three banks")
