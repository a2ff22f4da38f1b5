"""botocore clients, made on first use and kept: one session, short timeouts, few retries."""

from functools import cache
from typing import Any

from toolcrib.settings import settings


@cache
def session() -> Any:
    """Return this process's one botocore session."""
    from botocore.session import get_session

    return get_session()


@cache
def client(service: str, endpoint: str = "", *, attempts: int = 3, signature: str | None = None) -> Any:
    """Return the client of an AWS service; `endpoint` overrides where it is (IoT data has one per account).

    `attempts` is 1 where a silent second try could do something twice. `signature` is named where something is signed
    for others: for that S3's client still takes its oldest.
    """
    from botocore.config import Config

    tries: Any = {"mode": "standard", "total_max_attempts": attempts}
    config = Config(connect_timeout=2, read_timeout=5, signature_version=signature, retries=tries)
    return session().create_client(
        service, region_name=settings().aws_region, endpoint_url=endpoint or None, config=config
    )
