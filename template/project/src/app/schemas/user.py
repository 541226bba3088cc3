from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, Secret, StrictBool

from app.core.text import normalize_email
from app.schemas.base import InputModel, OutputModel, omittable
from app.schemas.page import ListQuery
from app.schemas.types.strings import Email, SearchText, SingleLineStr

FullName = Annotated[
    SingleLineStr, Field(min_length=1, max_length=100, examples=["Ada Lovelace"])
]
PASSWORD_FIELD = Field(
    examples=["correct horse battery staple"],
    json_schema_extra={"format": "password", "writeOnly": True},
)
CurrentPassword = Annotated[Secret[Annotated[str, Field(max_length=128)]], PASSWORD_FIELD]
Password = Annotated[Secret[Annotated[str, Field(min_length=8, max_length=128)]], PASSWORD_FIELD]


class UserBase(BaseModel):
    email: Email
    full_name: FullName | None = None


class UserCreate(InputModel, UserBase):
    password: Password


class UserUpdate(InputModel):
    """Changes of one's own account; fields that are left out stay unchanged."""

    email: Email = omittable()
    full_name: FullName | None = None
    current_password: CurrentPassword = omittable()


class UserAdminUpdate(InputModel):
    """Changes by an administrator; fields that are left out stay unchanged."""

    is_active: Annotated[StrictBool, Field(examples=[True])] = omittable()
    is_admin: Annotated[StrictBool, Field(examples=[True])] = omittable()


class UserResponse(OutputModel):
    id: int = Field(examples=[1])
    email: str = Field(examples=["ada@example.com"])
    full_name: str | None = Field(examples=["Ada Lovelace"])
    is_active: bool = Field(examples=[True])
    is_admin: bool = Field(examples=[False])
    created_at: datetime = Field(examples=["2026-01-31T09:30:00Z"])
    updated_at: datetime = Field(examples=["2026-01-31T09:30:00Z"])


class UserInDB(UserResponse):
    """An account with its password hash; never a response."""

    hashed_password: str


class UserStats(BaseModel):
    total: int = Field(examples=[120])
    active: int = Field(examples=[118])
    admins: int = Field(examples=[2])


class UserSort(StrEnum):
    """Ascending, or with a minus descending."""

    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"
    EMAIL = "email"
    EMAIL_DESC = "-email"


class UserQuery(ListQuery):
    search: Annotated[SearchText, AfterValidator(normalize_email)] | None = None
    is_active: bool | None = None
    is_admin: bool | None = None
    sort: UserSort = UserSort.CREATED_AT
