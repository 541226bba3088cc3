from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response, status

from app.api.cache import UserCache
from app.api.deps import AdminUser, Claims, CurrentUser, DbSession, RecentLogin, RowId
from app.api.errors import documented
from app.api.features import require_feature
from app.api.passwords import AccountChange, confirm_password, hash_new_password, read_account
from app.api.routing import Router
from app.dependencies import AppResources, rate_limit, refuse_unknown_parameters, with_next_link
from app.schemas.auth import PasswordChange
from app.schemas.page import Page
from app.schemas.user import UserAdminUpdate, UserCreate, UserQuery, UserResponse, UserStats
from app.services.user import UserService

router = Router(prefix="/users", tags=["users"])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    dependencies=[
        require_feature("registration"),
        rate_limit("60/minute"),
    ],
    responses=documented(403, 409, 429),
)
async def register(
    data: UserCreate,
    session: DbSession,
    resources: AppResources,
    request: Request,
    response: Response,
) -> UserResponse:
    """Create an account."""
    hashed = await hash_new_password(resources, data.password, data.email)
    user = await UserService(session).register(data, hashed)
    response.headers["Location"] = f"{quote(request.scope['path'])}/{user.id}"
    return UserResponse.model_validate(user)


@router.get("/me", responses=documented(401))
async def read_own_account(user: CurrentUser) -> UserResponse:
    return UserResponse.model_validate(user)


# Limited, so that registered addresses cannot be enumerated by trying to change to them.
@router.patch(
    "/me", dependencies=[rate_limit("60/minute")], responses=documented(401, 403, 409, 429)
)
async def update_own_account(
    data: AccountChange, user: CurrentUser, session: DbSession
) -> UserResponse:
    """Change the fields that are sent; a new `email` needs the `current_password`."""
    return UserResponse.model_validate(await UserService(session).update(user.id, data))


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT, responses=documented(401, 403, 409))
async def delete_own_account(_: RecentLogin, user: CurrentUser, session: DbSession) -> None:
    """Delete the account and end all its sessions; needs a log-in within the last ten minutes."""
    await UserService(session).delete(user)


@router.put(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[rate_limit("10/minute")],
    responses=documented(401, 403, 429),
)
async def change_password(data: PasswordChange, claims: Claims, resources: AppResources) -> None:
    """Set a new password; all other sessions of the account end."""
    user = await read_account(claims, resources)
    await confirm_password(resources, user, data.current_password)
    hashed = await hash_new_password(
        resources, data.new_password, user.email, field="new_password"
    )
    async with resources.database.transaction() as session:
        await UserService(session).set_password(user, hashed, keep=claims.session_id)


@router.get("", responses=documented(401, 403))
async def list_users(
    _: AdminUser,
    session: DbSession,
    query: Annotated[UserQuery, Query()],
    request: Request,
    response: Response,
) -> Page[UserResponse]:
    """List accounts, for administrators."""
    refuse_unknown_parameters(request)
    return with_next_link(request, response, await UserService(session).list(query))


@router.get("/stats", responses=documented(401, 403))
async def count_users(_: AdminUser, session: DbSession, cache: UserCache) -> UserStats:
    """Count accounts, for administrators; the counts may be a minute old."""
    return await cache.get_or_load(
        "user-stats", UserStats, UserService(session).stats, ttl_seconds=60
    )


@router.get("/{user_id:int}", responses=documented(401, 403, 404))
async def read_user(user_id: RowId, _: AdminUser, session: DbSession) -> UserResponse:
    """Read an account, for administrators."""
    return UserResponse.model_validate(await UserService(session).read(user_id))


@router.patch("/{user_id:int}", responses=documented(401, 403, 404, 409))
async def update_user(
    user_id: RowId, data: UserAdminUpdate, _: AdminUser, session: DbSession
) -> UserResponse:
    """Activate, deactivate, promote or demote an account, for administrators."""
    return UserResponse.model_validate(await UserService(session).update_as_admin(user_id, data))
