"""Fills in a template's Ref, GetAtt, Sub and If, as AWS would; a resource's ARN reads `arn:of:<logical id>`."""

import re
from collections.abc import Mapping
from typing import Any

PSEUDO = {"AWS::AccountId": "123456789012", "AWS::Region": "eu-central-1", "AWS::Partition": "aws"}
GIVEN = {
    "Org": "acme",
    "LocalStack": "",
    "DeletionProtection": "true",
    "AlarmEmail": "ops@example.com",
    "MailIdentity": "example.com",
    "MailSender": "example.com",
    "PreTokenFunction": "arn:of:PreToken",
}
NOTHING = object()  # what AWS::NoValue leaves


class Filling:
    """Parameters become what `GIVEN` says, else their default, else their own name."""

    def __init__(self, stack: str, template: Mapping[str, Any]) -> None:
        self.stack, self.template = stack, template

    def __call__(self, value: Any) -> Any:
        """Return a value without intrinsic functions; one that Chalice adds and no test looks at stays as it is."""
        if isinstance(value, list):
            return [each for each in map(self, value) if each is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name == "Fn::GetAtt":
                return self._attribute(*argument)
            if name == "Fn::Sub" and isinstance(argument, str):
                return re.sub(r"\$\{([^!}]+)}", lambda found: str(self._named(found[1])), argument).replace("${!", "${")
            if name == "Fn::If":
                return self(argument[1 if self.holds(argument[0]) else 2])
        filled = {key: self(each) for key, each in value.items()}
        return {key: each for key, each in filled.items() if each is not NOTHING}

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template holds."""
        return self._true(self.template["Conditions"][condition])

    def _true(self, test: Mapping[str, Any]) -> bool:
        if "Fn::Not" in test:
            return not self._true(test["Fn::Not"][0])
        if "Fn::And" in test:
            return all(map(self._true, test["Fn::And"]))
        one, other = map(self, test["Fn::Equals"])
        return bool(one == other)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.template["Resources"]:
            return f"{self.stack}.{name}"
        declared = self.template.get("Parameters", {}).get(name, {})
        return PSEUDO.get(name) or GIVEN.get(name, declared.get("Default", name))

    def _attribute(self, resource: str, attribute: str) -> str:
        return f"arn:of:{resource}" if attribute == "Arn" else f"{self.stack}.{resource}.{attribute}"

    def _named(self, name: str) -> Any:
        resource, _, attribute = name.partition(".")
        return self._attribute(resource, attribute) if attribute else self._ref(resource)
