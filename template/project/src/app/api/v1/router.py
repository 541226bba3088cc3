from fastapi import APIRouter, Depends

from app.api.v1.endpoints import auth, users
from app.dependencies import enforce_rate_limit

api_router = APIRouter(dependencies=[Depends(enforce_rate_limit)])
api_router.include_router(auth.router, prefix="/auth", tags=["auth"])
api_router.include_router(users.router, prefix="/users", tags=["users"])
