"""The rule book turns ids into the records a rule compares, or says what is not there."""

from datetime import UTC, datetime, timedelta

import pytest

from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Bank, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.policies import Period, Policy, Site
from toolcrib.domain.refusals import NotFound
from toolcrib.domain.rulebook import RuleBook, Subject

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DRILL = AssetType(id="drill", name="Drill", category="tools")
HQ = Site(id="hq", name="HQ", time_zone="UTC")
BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK)
ANA = Person(id="ana", name="Ana")
FALLBACK = Policy(id="fallback", period=Period(after=timedelta(hours=8)))


def test_a_subject_is_looked_up_by_id() -> None:
    badge = Badge(id="1.x", person="ana")
    book = RuleBook(fallback=FALLBACK, sites={"hq": HQ}, types={"drill": DRILL})
    assert book.subject(ANA, badge, "drill", BANK, NOW) == Subject(
        person=ANA, badge=badge, asset_type=DRILL, bank="hq-01", site=HQ, at=NOW
    )


@pytest.mark.parametrize(
    ("book", "missing"),
    [
        (RuleBook(fallback=FALLBACK, sites={"hq": HQ}), "there is no asset type drill"),
        (RuleBook(fallback=FALLBACK, types={"drill": DRILL}), "there is no site hq"),
    ],
)
def test_what_is_not_in_the_book_is_named(book: RuleBook, missing: str) -> None:
    with pytest.raises(NotFound) as refusal:
        book.subject(ANA, None, "drill", BANK, NOW)
    assert refusal.value.detail == missing
    assert refusal.value.advice
