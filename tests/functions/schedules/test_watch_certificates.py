"""Banks whose certificate should have been renewed long ago are counted, for an alarm."""

from datetime import timedelta
from unittest.mock import patch

from chalicelib.schedules import watch_certificates
from tests.support.certificates import certified
from tests.support.workplace import NOW, ORG, bank


def test_banks_that_did_not_renew_are_counted_and_named() -> None:
    fine = bank(id="hq-01", certified=certified("arn"))
    waiting = bank(id="hq-02", certified=certified("arn", since=NOW - timedelta(days=400)))
    with patch.object(watch_certificates, "count") as counted, patch.object(watch_certificates, "record") as logged:
        assert watch_certificates.handle(ORG, [fine, waiting], now=NOW) == 1
    assert counted.call_args.args == ("CertificatesLate", 1)
    assert [call.kwargs["bank"] for call in logged.call_args_list] == ["hq-02"]
