from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StrictBool, model_validator

from app.core.text import normalize_email
from app.schemas.base import InputModel, OutputModel, omittable
from app.schemas.fields import Email, Line, SearchText, encodable
from app.schemas.page import ListQuery

FullName = Annotated[Line, Field(min_length=1, max_length=100)]
Password = Annotated[SecretStr, AfterValidator(encodable), Field(min_length=8, max_length=128)]
CurrentPassword = Annotated[SecretStr, AfterValidator(encodable), Field(max_length=128)]


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

    is_active: StrictBool = omittable()
    is_admin: StrictBool = omittable()


class PasswordChange(InputModel):
    current_password: CurrentPassword
    new_password: Password

    @model_validator(mode="after")
    def passwords_must_differ(self) -> Self:
        if self.new_password == self.current_password:
            msg = "The new password is the current one"
            raise ValueError(msg)
        return self


class UserResponse(OutputModel):
    id: int
    email: str
    full_name: str | None
    is_active: bool
    is_admin: bool
    created_at: datetime
    updated_at: datetime


class UserInDB(UserResponse):
    """An account with its password hash; never a response."""

    hashed_password: str


class UserStats(BaseModel):
    total: int
    active: int
    admins: int


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
