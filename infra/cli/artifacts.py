"""The bucket that CloudFormation reads code and templates from."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from infra.cli.layers import Artifact
from infra.cli.target import Target


@dataclass(frozen=True)
class Artifacts:
    """Uploads by content: what is there already is not sent again."""

    target: Target

    @property
    def bucket(self) -> str:
        """The bucket's name: one per account and region."""
        return f"toolcrib-artifacts-{self.target.account}-{self.target.region}"

    def prepare(self) -> None:
        """Make the bucket if it is not there: private, encrypted, old versions dropped after 90 days."""
        s3 = self.target.client("s3")
        if self._exists(s3):
            return
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": self.target.region}}
        s3.create_bucket(Bucket=self.bucket, **({} if self.target.region == "us-east-1" else elsewhere))
        ways = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        closed = dict.fromkeys(ways, True)
        s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=closed)

    def upload(self, artifact: Artifact) -> str:
        """Send a zip unless it is there, and return its key."""
        self.put(artifact.key, artifact.path.read_bytes())
        return artifact.key

    def put(self, key: str, body: bytes) -> str:
        """Send bytes unless they are there, and return where CloudFormation finds them."""
        s3 = self.target.client("s3")
        try:
            s3.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            s3.put_object(Bucket=self.bucket, Key=key, Body=body, ServerSideEncryption="AES256")
        host = self.target.endpoint or f"https://s3.{self.target.region}.amazonaws.com"
        return f"{host}/{self.bucket}/{key}"

    def _exists(self, s3: object) -> bool:
        try:
            s3.head_bucket(Bucket=self.bucket)  # type: ignore[attr-defined]
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                raise
            return False
        return True
