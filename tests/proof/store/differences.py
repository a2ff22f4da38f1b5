"""Where other implementations are known not to do what AWS documents, and what AWS's documentation says."""

from typing import NamedTuple


class Difference(NamedTuple):
    """`aws_says` is the sentence that settles who is right, `page` where it stands."""

    where: str
    statement: str
    aws_says: str
    page: str


GUIDE = "Amazon DynamoDB Developer Guide"
REFERENCE = "Amazon DynamoDB API Reference"
DIFFERENCES: tuple[Difference, ...] = ()


def known(where: str | None, statement: str) -> Difference | None:
    """Return why a statement need not hold somewhere."""
    return next((each for each in DIFFERENCES if (each.where, each.statement) == (where, statement)), None)
