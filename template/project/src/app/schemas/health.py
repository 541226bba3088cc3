from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    status: Literal["healthy"] = "healthy"


class Readiness(BaseModel):
    status: Literal["ready"] = "ready"
    database: Literal["connected"] = "connected"
    redis: Literal["connected", "not used"]
