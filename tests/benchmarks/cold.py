"""Cold start of the tap's function: import plus DynamoDB and IoT clients, over PynamoDB with its first client alone."""

import subprocess
import sys
from statistics import median

ROUNDS = 7
OURS = """
import sys, time
started = time.process_time()
sys.path[:0] = ["functions/devices", "layers/core/python"]
import app
from toolcrib.clients import client
from toolcrib.store.tables import connection
connection().client
client("iot-data", "")
print(time.process_time() - started)
"""
FLOOR = """
import time
started = time.process_time()
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.models import Model
class Thing(Model):
    class Meta:
        table_name = "state"
        region = "us-east-1"
    pk = UnicodeAttribute(hash_key=True)
Connection(region="us-east-1").client
print(time.process_time() - started)
"""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "STATE_TABLE": "state",
    "LEDGER_TABLE": "ledger",
    "POWERTOOLS_SERVICE_NAME": "devices",
    "POWERTOOLS_METRICS_NAMESPACE": "Toolcrib",
    "PATH": "/usr/bin:/bin",
}


def cold_start() -> tuple[float, float, float]:
    """Return the ratio of medians over fresh processes, and both medians in milliseconds."""
    pairs = [(_seconds(OURS), _seconds(FLOOR)) for _ in range(ROUNDS)][1:]
    ours, floor = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return ours / floor, ours * 1000, floor * 1000


def _seconds(program: str) -> float:
    ran = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(ran.stdout.strip().splitlines()[-1])
