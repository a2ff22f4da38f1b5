"""What the clock starts."""

from chalice.app import Chalice, CloudWatchEvent, Rate

app = Chalice(app_name="toolcrib-schedules")


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    print(event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES))
def watch_banks(event: CloudWatchEvent) -> None:
    print(event.to_dict())


@app.schedule(Rate(1, unit=Rate.DAYS))
def anchor_heads(event: CloudWatchEvent) -> None:
    print(event.to_dict())
