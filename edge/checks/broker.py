"""The broker: does its name resolve, does it answer, do both certificates hold? MQTT would make a second bank."""

import asyncio
import socket
import ssl
from typing import Final

from edge.checks.finding import Finding, well, wrong
from edge.config import BankConfig
from edge.link import tls_context

TIMEOUT_S: Final = 10.0


async def check(config: BankConfig) -> Finding:
    """Shake hands over TLS as the bank, and hang up."""
    about = f"broker {config.host}:{config.port}"
    try:
        async with asyncio.timeout(TIMEOUT_S):
            _, writer = await asyncio.open_connection(config.host, config.port, ssl=tls_context(config))
            writer.transport.abort()
    except TimeoutError:
        return wrong(about, f"no answer within {TIMEOUT_S:g} s: is port {config.port} open in the firewall?")
    except socket.gaierror:
        return wrong(about, "no such name: check broker.host and the network's DNS")
    except ssl.SSLCertVerificationError as error:
        return wrong(about, f"its certificate is not trusted ({error.verify_message}): check the clock, or enrol anew")
    except ssl.SSLError as error:
        return wrong(about, f"TLS failed ({error.reason}): is this bank revoked? toolcrib-bank enrol --again")
    except OSError as error:
        return wrong(about, f"cannot be reached: {error.strerror or error}")
    return well(about, "answers, and its certificate holds")
