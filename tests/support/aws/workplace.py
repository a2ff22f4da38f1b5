"""A workplace whose functions call AWS through their real clients."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.aws.cloud import Cloud, reached
from tests.support.aws.things import Things
from tests.support.world import World, world


@contextmanager
def workplace(*, check: bool = True, rules: bool = True) -> Iterator[tuple[World, Cloud]]:
    """Open a workplace over botocore; returns it with the cloud behind its clients."""
    cloud = Cloud()

    @contextmanager
    def services(here: World) -> Iterator[None]:
        cloud.things = Things(publish=here.publish)
        with reached(cloud):
            yield

    with world(dynamo=cloud.dynamo, check=check, rules=rules, services=services) as here:
        yield here, cloud
