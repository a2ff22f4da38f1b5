"""What a deployment costs: list prices of us-east-1 in US dollars, without free tiers and taxes (docs/deploy.md).

Each line is a price and how many of its units a month takes: standing, for each bank, and for each loan with its
return. The counts are upper bounds where they depend on use; the notes say what they count.
"""

from dataclasses import dataclass

DAYS = 30.4
MINUTES = DAYS * 24 * 60
STATUSES = MINUTES / 5  # a bank's status, every five minutes
QUARTERS = MINUTES / 15  # whose night has come
CLOCK = MINUTES + 3 * STATUSES + QUARTERS + DAYS  # sweep; watch over banks, rosters, digests; inventories; anchors
KEPT_KB, MONTHS_KEPT = 4, 12  # what a loan leaves behind, priced as after a year
MEAN_CALL_GB_S = 0.15  # of 1 GB, cold starts included
IDLE_CALL_GB_S = 0.05

NOTICE_WRITES, NOTICE_READS = 24, 18  # units of a notice that goes alone, from its loan's step until it is delivered


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the bill; `price` is dollars for one unit."""

    what: str
    price: float
    note: str
    standing: float = 0
    bank: float = 0
    loan: float = 0

    def dollars(self, *, banks: int, loans: float) -> float:
        """Return dollars a month."""
        return self.price * (self.standing + self.bank * banks + self.loan * loans)


CALLS = {"standing": CLOCK, "bank": STATUSES, "loan": 6.2}
BILL = (
    Line(what="Alarms", price=0.10, standing=54, note="2 for each of 22 functions, 10 more"),
    Line(what="Metrics", price=0.30, standing=18, note="by the hour in which they are counted: about 18 months' worth"),
    Line(what="Secrets", price=0.40, standing=4, note="master, badge, answers, Slack"),
    Line(what="IoT connections", price=0.08e-6, bank=MINUTES, note="minutes connected"),
    Line(
        what="IoT messages",
        price=1e-6,
        bank=STATUSES * 4,
        loan=24,
        note="6 up; 6 down at 3 each (published, delivered, acknowledged by the bank); a status and its ack: 4",
    ),
    Line(what="IoT rules", price=0.30e-6, bank=STATUSES, loan=6, note="each upload: a rule and its action"),
    Line(what="Lambda calls", price=0.20e-6, note="6 uploads, a notice now and then; clock and statuses", **CALLS),
    Line(
        what="Lambda time",
        price=16.6667e-6,
        standing=CLOCK * IDLE_CALL_GB_S,
        bank=STATUSES * IDLE_CALL_GB_S,
        loan=CALLS["loan"] * MEAN_CALL_GB_S,
        note="GB-seconds at 1 GB: 0.15 s a call, 0.05 s where nothing is to do",
    ),
    Line(what="DynamoDB writes", price=0.625e-6, bank=STATUSES * 4, loan=44, note="units; the budget of `make bench`"),
    Line(
        what="DynamoDB reads",
        price=0.125e-6,
        standing=MINUTES * 8 * 0.5,
        bank=STATUSES * 14 + DAYS * 9,
        loan=16,
        note="units; the budget of `make bench`; "
        "a sweep that finds nothing reads 4, a bank's status and two looks 14, an inventory 9 a bank",
    ),
    Line(
        what="DynamoDB storage",
        price=0.45e-6,
        loan=KEPT_KB * MONTHS_KEPT,
        note="KB with its backup: 4 a loan, after a year",
    ),
    Line(what="Logs", price=0.5e-6, note="KB taken in: 1.5 a call", **{name: 1.5 * n for name, n in CALLS.items()}),
    Line(what="X-Ray", price=5e-6, note="a trace a call; less where sampling sets in", **CALLS),
    Line(what="API", price=3.5e-6, loan=2, note="requests: 2 a loan, for those who look at lists"),
    Line(what="Mail", price=0.10e-3, loan=0.1, note="one loan in ten is reminded of"),
)


def monthly(*, banks: int, loans_a_day: int) -> dict[str, float]:
    """Return dollars a month by line."""
    return {line.what: line.dollars(banks=banks, loans=loans_a_day * DAYS) for line in BILL}


def total(*, banks: int, loans_a_day: int) -> float:
    """Return dollars a month."""
    return sum(monthly(banks=banks, loans_a_day=loans_a_day).values())


def thousand_notices(*, mail: bool) -> float:
    """Return dollars for a thousand notices that go alone: units of the table, two calls each, and the mail itself.

    A mail is a third call, since SES tells that it was delivered.
    """
    price = {line.what: line.price for line in BILL}
    call = price["Lambda calls"] + MEAN_CALL_GB_S * price["Lambda time"] + 1.5 * price["Logs"] + price["X-Ray"]
    units = NOTICE_WRITES * price["DynamoDB writes"] + NOTICE_READS * price["DynamoDB reads"]
    return 1_000 * (units + 2 * call + (call + price["Mail"] if mail else 0))


def note() -> str:
    """Return the note that stands before a deployment."""
    loans = total(banks=0, loans_a_day=10_000) - total(banks=0, loans_a_day=0)
    return (
        f"About ${total(banks=3, loans_a_day=0):.0f} a month with three banks and nobody at the doors, and "
        f"${loans / DAYS:.2f} for 10,000 loans (list prices of us-east-1, without free tiers; docs/deploy.md)."
    )
