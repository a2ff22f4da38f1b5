"""Law 1: whatever stands against a person, everything they have on loan may come back wherever a door is free."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import BADGE, NOW, SECOND, TYPES, book
from tests.support.loans import holding
from toolcrib.domain.assets import RequiredCertification
from toolcrib.domain.blocking import standing
from toolcrib.domain.doors import Bank, Content, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import OptionKind
from toolcrib.domain.people import Certification, ManualBlock, Person
from toolcrib.domain.policies import Allowance, Blocks, LateReturns, Policy, Site
from toolcrib.domain.record import replace

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
DAY = timedelta(days=1)
HQ = Site(id="hq", name="HQ", time_zone="UTC")
STRICT = Policy(
    id="strict",
    period=book().fallback.period,
    allowance=Allowance(total=0),
    blocks=Blocks(overdue_after=timedelta(), late_returns=LateReturns(count=1, within=DAY, suspension=DAY)),
)
LIFTED = {
    key: replace(kind, certifications=(RequiredCertification(certification="lift"),)) for key, kind in TYPES.items()
}
MOMENTS = st.sampled_from([None, NOW - DAY, NOW - SECOND, NOW, NOW + DAY])
HOLDINGS = st.lists(
    st.tuples(st.sampled_from(sorted(TYPES)), MOMENTS, MOMENTS, st.sampled_from(["open", "unconfirmed"])), max_size=3
)


@STEADY
@given(
    held=HOLDINGS,
    active=st.booleans(),
    ends=MOMENTS,
    certified=MOMENTS,
    blocked=MOMENTS,
    late=st.lists(st.just(NOW), max_size=2),
    groups=st.sampled_from([(), ("crew",)]),
)
def test_a_return_is_never_refused(
    held: list[tuple[str, Any, Any, str]],
    active: bool,
    ends: Any,
    certified: Any,
    blocked: Any,
    late: list[Any],
    groups: tuple[str, ...],
) -> None:
    who = Person(
        id="ana",
        name="Ana",
        active=active,
        valid_until=ends,
        groups=groups,
        certifications={"lift": Certification(valid_until=certified)},
        blocks={"b": ManualBlock(since=NOW, by="boss", reason="", until=blocked)},
        late_returns=tuple(late),
        holdings={
            f"l{number}": holding(asset=f"a{number}", type=kind, blocks_from=since, lost_since=lost, state=state)
            for number, (kind, since, lost, state) in enumerate(held)
        },
    )
    full = Content(asset="drill-9", type="drill", name="Drill 9", since=NOW)
    doors = (Door(bank="hq-01", number=1, contents=(full,)), Door(bank="hq-01", number=2, size="XL"))
    bank = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK, doors=doors)
    rules = book(STRICT, types=LIFTED, sites={"hq": HQ})
    offered = offer(who, BADGE, bank, rules, NOW)
    assert {option.loan for option in offered.of(OptionKind.RETURN)} == set(who.holdings)
    if standing(who, NOW, {}):
        assert offered.of(OptionKind.TAKE) == ()
