"""The sample workplace: a head office in Berlin and a dock in Chicago, as bodies of the product's own HTTP API."""

from infra.local.sample.assets import ASSETS, STOWED, TYPES
from infra.local.sample.people import PEOPLE, USERS, number, uid
from infra.local.sample.places import BANKS, SITES
from infra.local.sample.rules import GROUPS, POLICIES

__all__ = ["ASSETS", "BANKS", "GROUPS", "PEOPLE", "POLICIES", "SITES", "STOWED", "TYPES", "USERS", "number", "uid"]
