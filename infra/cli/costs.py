"""What a deployment costs, roughly: list prices of us-east-1 in US dollars, without free tiers and taxes."""

MINUTES_A_MONTH = 43_800
ALARM, SECRET = 0.10, 0.40  # each, a month
CONNECTED_MILLION_MINUTES, IOT_MILLION_MESSAGES = 0.08, 1.00
WRITE_MILLION_UNITS, READ_MILLION_UNITS = 0.625, 0.125
LAMBDA_MILLION, LAMBDA_GB_S = 0.20, 0.0000166667

ALARMS, SECRETS = 30, 3
SWEEPS_A_MONTH = MINUTES_A_MONTH * 1.2  # the sweep every minute, the watch over banks every five
SWEEP_GB_S = 0.128 * 0.15
WRITES, READS = 44, 16  # a checkout with its return, everything included: the budget of `make bench`
MESSAGES = 12  # up and down, of a take and a return
CALLS, CALL_GB_S = 6, 0.128 * 0.2


def standing(banks: int) -> float:
    """Return dollars a month with nobody at the doors."""
    connections = banks * MINUTES_A_MONTH / 1e6 * CONNECTED_MILLION_MINUTES
    reports = banks * MINUTES_A_MONTH / 5 * 2 / 1e6 * IOT_MILLION_MESSAGES  # a status every five minutes, and its ack
    clock = SWEEPS_A_MONTH * (LAMBDA_MILLION / 1e6 + SWEEP_GB_S * LAMBDA_GB_S)
    return ALARMS * ALARM + SECRETS * SECRET + connections + reports + clock


def per_loan() -> float:
    """Return dollars for one checkout with its return."""
    table = (WRITES * WRITE_MILLION_UNITS + READS * READ_MILLION_UNITS) / 1e6
    return table + MESSAGES * IOT_MILLION_MESSAGES / 1e6 + CALLS * (LAMBDA_MILLION / 1e6 + CALL_GB_S * LAMBDA_GB_S)


def note() -> str:
    """Return the note that stands before a deployment."""
    return (
        f"About ${standing(3):.0f} a month with three banks and nobody at the doors, and "
        f"${per_loan() * 10_000:.2f} for 10,000 loans (list prices of us-east-1, without free tiers)."
    )
