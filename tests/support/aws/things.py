"""IoT Core: the registry of things and certificates, and its data plane. Whoever listens is told of every publish."""

from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.awsrequest import AWSResponse
from cryptography import x509

from tests.support.aws.http import Asked, No, yes
from tests.support.certificates import csr, signed

ARN = "arn:aws:iot:us-east-1:123456789012:cert"
Publish = Callable[..., None]


@dataclass
class Things:
    """`certificates` are by ARN: the thing, whether active, and the policies it has; `cut` are the sessions ended."""

    publish: Publish = lambda **_: None
    things: set[str] = field(default_factory=set)
    certificates: dict[str, tuple[str | None, bool, frozenset[str]]] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)

    def data(self, asked: Asked) -> AWSResponse:
        """Answer the data plane."""
        name = "/".join(asked.path[1:])
        if asked.operation == "DeleteConnection":
            self.cut.append(name)
            raise No("ResourceNotFoundException", 404)  # nobody is connected here
        retain = asked.query.get("retain") == "true"
        self.publish(topic=name, qos=int(asked.query["qos"]), payload=asked.body, retain=retain)
        return yes(asked)

    def registry(self, asked: Asked) -> AWSResponse:
        """Answer the control plane."""
        done: AWSResponse = getattr(self, f"_{asked.operation}")(asked)
        return done

    def _CreateThing(self, asked: Asked) -> AWSResponse:  # noqa: N802 - named as the operation
        self.things.add(asked.path[1])
        return yes(asked, {"thingName": asked.path[1], "thingArn": asked.path[1], "thingId": asked.path[1]})

    def _CreateCertificateFromCsr(self, asked: Asked) -> AWSResponse:  # noqa: N802
        csr = x509.load_pem_x509_csr(asked.json["certificateSigningRequest"].encode())
        if not csr.is_signature_valid:
            raise No("InvalidRequestException")
        number = f"{len(self.certificates) + 1:064x}"
        self.certificates[f"{ARN}/{number}"] = (None, True, frozenset())
        pem = signed(asked.json["certificateSigningRequest"])
        return yes(asked, {"certificateArn": f"{ARN}/{number}", "certificateId": number, "certificatePem": pem})

    def _CreateProvisioningClaim(self, asked: Asked) -> AWSResponse:  # noqa: N802
        made = {"certificateId": "c" * 64, "certificatePem": signed(csr("claim")), "expiration": 2_000_000_000}
        return yes(asked, {**made, "keyPair": {"PublicKey": "-", "PrivateKey": "-----BEGIN PRIVATE KEY-----"}})

    def _AttachThingPrincipal(self, asked: Asked) -> AWSResponse:  # noqa: N802
        return self._becomes(asked, asked.header("x-amzn-principal"), thing=asked.path[1])

    def _DetachThingPrincipal(self, asked: Asked) -> AWSResponse:  # noqa: N802
        return self._becomes(asked, asked.header("x-amzn-principal"), thing=None)

    def _ListThingPrincipals(self, asked: Asked) -> AWSResponse:  # noqa: N802
        if asked.path[1] not in self.things:
            raise No("ResourceNotFoundException", 404)
        found = [arn for arn, (thing, _, _) in self.certificates.items() if thing == asked.path[1]]
        return yes(asked, {"principals": found})

    def _AttachPolicy(self, asked: Asked) -> AWSResponse:  # noqa: N802
        arn = asked.json["target"]
        return self._becomes(asked, arn, policies=self._known(arn)[2] | {asked.path[1]})

    def _DetachPolicy(self, asked: Asked) -> AWSResponse:  # noqa: N802
        arn = asked.json["target"]
        return self._becomes(asked, arn, policies=self._known(arn)[2] - {asked.path[1]})

    def _UpdateCertificate(self, asked: Asked) -> AWSResponse:  # noqa: N802
        return self._becomes(asked, f"{ARN}/{asked.path[1]}", active=asked.query["newStatus"] == "ACTIVE")

    def _known(self, arn: str) -> tuple[str | None, bool, frozenset[str]]:
        if arn not in self.certificates:
            raise No("ResourceNotFoundException", 404)
        return self.certificates[arn]

    def _becomes(self, asked: Asked, arn: str, **to: object) -> AWSResponse:
        thing, active, policies = self._known(arn)
        was = {"thing": thing, "active": active, "policies": policies}
        self.certificates[arn] = tuple((was | to).values())  # type: ignore[assignment]
        return yes(asked)
