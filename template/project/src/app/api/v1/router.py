from app.api.v1.endpoints.auth import router as auth_router
from app.api.v1.endpoints.users import router as users_router

# In the app itself, as FastAPI matches a request twice at each level of routers.
ROUTERS = [
    auth_router,
    users_router,
]
