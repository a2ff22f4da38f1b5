"""S3 as far as anchors and photos need it: put if absent, get, list."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse

from tests.support.aws.http import Asked, No, yes


@dataclass
class Bucket:
    """One bucket's objects by key."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def answer(self, asked: Asked) -> AWSResponse:
        """Do what is asked of the bucket."""
        key = "/".join(asked.path)
        if asked.operation == "ListObjectsV2":
            return yes(asked, raw=self._list(asked.query["prefix"], asked.query.get("delimiter", "")).encode())
        if asked.operation == "GetObject":
            if key not in self.objects:
                raise No("NoSuchKey", 404)
            return yes(asked, raw=self.objects[key])
        if key in self.objects and asked.header("If-None-Match") == "*":
            raise No("PreconditionFailed", 412)
        self.objects[key] = asked.body
        return yes(asked, raw=b"", ETag='"stub"')

    def _list(self, prefix: str, delimiter: str) -> str:
        keys = [key for key in sorted(self.objects) if key.startswith(prefix)]
        ends = {key: key.find(delimiter, len(prefix)) if delimiter else -1 for key in keys}
        folders = sorted({key[: end + 1] for key, end in ends.items() if end >= 0})
        files = [_entry(key, self.objects[key]) for key, end in ends.items() if end < 0]
        shared = [f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in folders]
        return f"<ListBucketResult>{''.join(files + shared)}<IsTruncated>false</IsTruncated></ListBucketResult>"


def _entry(key: str, body: bytes) -> str:
    stored = f"<LastModified>2026-11-20T09:00:00.000Z</LastModified><Size>{len(body)}</Size>"
    return f"<Contents><Key>{escape(key)}</Key>{stored}</Contents>"
