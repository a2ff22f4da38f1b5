"""Where to deploy: an AWS account, or the local stack (the same calls at another endpoint)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

LOCAL_MQTT_PORT = 8883


@dataclass(frozen=True, kw_only=True)
class Mqtt:
    """Where banks connect."""

    host: str
    port: int


@dataclass(frozen=True)
class Target:
    """An AWS account and region; `endpoint` is None on AWS and MiniStack's address on the local stack."""

    session: boto3.Session
    endpoint: str | None = None
    local_mqtt_port: int = LOCAL_MQTT_PORT

    def client(self, service: str) -> Any:
        """Return the client of an AWS service here, made once: that takes longer than most calls."""
        if service not in self._clients:
            path_style = Config(s3={"addressing_style": "path"}) if self.endpoint else None
            self._clients[service] = self.session.client(service, endpoint_url=self.endpoint, config=path_style)
        return self._clients[service]

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    @property
    def is_local(self) -> bool:
        """Whether this is the local stack."""
        return self.endpoint is not None

    @property
    def region(self) -> str:
        """The region deployed to."""
        return self.session.region_name

    @cached_property
    def account(self) -> str:
        """The account deployed to."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def api_base(self, outputs: Mapping[str, str]) -> str:
        """Return where the HTTP API is, to which `/v1/…` is appended, from the outputs of its stack."""
        if self.endpoint:
            return f"{self.endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_"
        return outputs["EndpointURL"].rstrip("/")

    @cached_property
    def mqtt(self) -> Mqtt:
        """Where banks connect; AWS gives every account a host of its own."""
        if self.endpoint:
            return Mqtt(host=urlsplit(self.endpoint).hostname or "127.0.0.1", port=self.local_mqtt_port)
        found = self.client("iot").describe_endpoint(endpointType="iot:Data-ATS")
        return Mqtt(host=found["endpointAddress"], port=8883)

    @property
    def iot_data_endpoint(self) -> str:
        """Where functions publish to banks."""
        return self.endpoint or f"https://{self.mqtt.host}"
