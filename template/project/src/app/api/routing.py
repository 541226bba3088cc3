from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope


class Router(APIRouter):
    """An `APIRouter` that compares its prefix before its routes; a plain one works as well.

    FastAPI tries the routes of all routers one after the other, which adds up with many resources.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if self.prefix.partition("{")[0] not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)
