"""What travels between banks and cloud: MQTT contract, version 1 (design.md). Strict: unknown fields are refused."""
