"""What changes in the state table, read from its stream: records before and after, as they are committed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from infra.cli.target import Target
from toolcrib.domain.cases import Case
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.store import mapping
from toolcrib.store.tables import StateItem

READ: dict[str, Callable[[StateItem], Any]] = {
    "loan": mapping.to_loan,
    "case": mapping.to_case,
    "notice": mapping.to_notice,
}

Record = Loan | Case | Notice


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One record, before (None: it is new) and after a commit."""

    at: datetime
    before: Record | None
    after: Record


class Changes:
    """Follows the stream of `table` from now on. MiniStack keeps one shard a stream, which AWS would split."""

    def __init__(self, target: Target, table: str) -> None:
        self._streams = target.client("dynamodbstreams")
        self._stream = target.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
        self._iterator: str | None = self._begin()

    def read(self) -> Iterator[Changed] | None:
        """Yield what has changed since the last call; None once the stack has stopped."""
        try:
            page = self._streams.get_records(ShardIterator=self._iterator or self._begin())
        except EndpointConnectionError:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"ExpiredIteratorException", "TrimmedDataAccessException"}:
                raise
            self._iterator = None
            return iter(())
        self._iterator = page.get("NextShardIterator")
        return filter(None, map(_changed, page["Records"]))

    def _begin(self) -> str:
        shard = self._streams.describe_stream(StreamArn=self._stream)["StreamDescription"]["Shards"][-1]["ShardId"]
        where = {"StreamArn": self._stream, "ShardId": shard, "ShardIteratorType": "LATEST"}
        return str(self._streams.get_shard_iterator(**where)["ShardIterator"])


def _changed(entry: dict[str, Any]) -> Changed | None:
    told = entry["dynamodb"]
    after = _record(told.get("NewImage"))
    if after is None:
        return None
    return Changed(at=told["ApproximateCreationDateTime"], before=_record(told.get("OldImage")), after=after)


def _record(image: dict[str, Any] | None) -> Record | None:
    kind = (image or {}).get("kind", {}).get("S", "")
    if image is None or kind not in READ:
        return None
    record: Record = READ[kind](StateItem.from_raw_data(image))
    return record
