"""What the functions are told by their environment; read once, on first use (docs/settings.md)."""

import os
from functools import cache

from toolcrib.domain.record import Record


class Settings(Record, frozen=True, kw_only=True):
    """One field per environment variable of the same name in upper case; empty means «not given to this function»."""

    state_table: str = ""
    ledger_table: str = ""
    master_secret: str = ""
    badge_secret: str = ""
    slack_secret: str = ""
    answer_secret: str = ""
    api_base: str = ""
    slack_api_base: str = ""
    mail_from: str = ""
    mail_rate: str = "1"
    mail_set: str = ""
    anchor_bucket: str = ""
    photo_bucket: str = ""
    roster_bucket: str = ""
    iot_data_endpoint: str = ""
    iot_mqtt_host: str = ""
    iot_mqtt_port: str = "8883"
    iot_policy: str = ""
    provisioning_template: str = ""
    toolcrib_org: str = ""
    schedule_group: str = ""
    schedule_role: str = ""
    sweep_at_function: str = ""
    local_stack: str = ""
    aws_region: str = "us-east-1"

    @property
    def is_local(self) -> bool:
        """Whether this is the local stack, the only place where scheduled time may be moved."""
        return self.local_stack == "1"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    given = {name: os.environ.get(name.upper()) for name in Settings.__struct_fields__}
    return Settings(**{name: value for name, value in given.items() if value is not None})
