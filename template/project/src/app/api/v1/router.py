from app.api.routing import Router
from app.api.v1.endpoints.auth import router as auth_router
from app.api.v1.endpoints.users import router as users_router

api_router = Router(prefix="/api/v1")
api_router.include_router(auth_router)
api_router.include_router(users_router)
