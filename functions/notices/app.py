"""What the table's stream starts."""

from typing import Any

from chalice.app import Chalice

app = Chalice(app_name="toolcrib-notices")


@app.lambda_function(name="deliver")
def deliver(event: dict[str, Any], context: object) -> dict[str, Any]:
    print(len(event["Records"]))
    return {"batchItemFailures": []}
