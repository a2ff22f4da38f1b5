"""Routes: a blueprint that wraps every view with what all of them need, and keeps what documents them.

A view is a function of a `Call`, then its path parameters, then by name what it asks for:

    @routes.on("PATCH /people/{id}")
    def change_person(call: Call, person_id: str, patch: Patch[PersonFields]) -> Answer[PersonView]:

`body: S` is parsed strictly into the struct S, `patch: Patch[S]` is a merge patch of it, `query: S` are the query's
parameters; a public view takes nothing, or where its path names something, a `Visit` and that. The annotations are the
contract: `/openapi.json` is made from them.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar, get_type_hints

from chalice.app import Blueprint, Chalice, CognitoUserPoolAuthorizer, Response

from chalicelib.web import serving
from chalicelib.web.roles import Row, Scope
from chalicelib.web.route import BASE, Route

# The pool's ARN is known to CloudFormation only: infra/apps/api.yaml sets it in the packaged template. The gateway lets
# in whoever has any of our scopes; which one a route needs is judged by `identity`, since the gateway would answer 401.
AUTHORIZER: Final = CognitoUserPoolAuthorizer("toolcrib", provider_arns=["set-by-infra/apps/api.yaml"]).with_scopes(
    [str(scope) for scope in Scope]
)

View = TypeVar("View", bound=Callable[..., Any])


class Routes(Blueprint):
    """The routes of one noun, beside their role table."""

    def __init__(self, noun: str, table: Mapping[str, Row]) -> None:
        super().__init__(__name__)
        self.noun, self.table = noun, table

    def on(self, name: str, *, status: int = HTTPStatus.OK, secret: bool = False) -> Callable[[View], View]:
        """Register a view for `METHOD /path`; without a row of that name in the table, importing fails.

        `status` is a success's; a `secret` answer is never kept for repeats.
        """
        if name not in self.table:
            raise LookupError(f"{name} has no row in the role table of {self.noun}: nobody may ask for it")

        def register(view: View) -> View:
            route = Route(
                name=name,
                row=self.table[name],
                view=view,
                noun=self.noun,
                status=int(status),
                secret=secret,
                hints=get_type_hints(view, include_extras=True),
            )
            declare = self.route(
                BASE + route.path,
                methods=[route.method],
                name=view.__name__,
                content_types=list(route.media_types),
                authorizer=None if route.row.scope is None else AUTHORIZER,
            )
            declare(Served(route, self))
            return view

        return register


class Served:
    """What Chalice calls for a route."""

    def __init__(self, route: Route, blueprint: Blueprint) -> None:
        self.route, self._blueprint = route, blueprint
        self.__name__, self.__doc__ = route.view.__name__, route.view.__doc__

    def __call__(self, **path: str) -> Response:
        """Answer the current request."""
        return serving.serve(self.route, self._blueprint.current_request, tuple(path.values()))


def routes_of(app: Chalice) -> list[Route]:
    """Return every route of an app, in the order of registration."""
    views: list[Any] = [entry.view_function for methods in app.routes.values() for entry in methods.values()]
    return [view.route for view in views]
