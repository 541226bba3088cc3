from collections.abc import Mapping, Sequence
from typing import ClassVar


class AppException(Exception):  # noqa: N818 (the name that the API's users know)
    """An error for the client: a status, a stable code for programs, a sentence for people."""

    status_code: ClassVar[int] = 400
    error_code: ClassVar[str] = "BAD_REQUEST"
    default_detail: ClassVar[str] = "Bad request"
    default_headers: ClassVar[Mapping[str, str]] = {}
    # Which fields are wrong, and whether they are in the body or in the query.
    fields: Sequence[str] = ()
    location: ClassVar[str] = "body"

    def __init__(
        self,
        detail: str | None = None,
        *,
        fields: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = detail or self.default_detail
        self.fields = fields or self.fields
        self.headers = {**self.default_headers, **(headers or {})}
        super().__init__(self.detail)


class UnauthorizedError(AppException):
    status_code = 401
    error_code = "UNAUTHORIZED"
    default_detail = "Could not validate credentials"
    default_headers: ClassVar = {"WWW-Authenticate": "Bearer"}


class InvalidCredentialsError(UnauthorizedError):
    error_code = "INVALID_CREDENTIALS"
    default_detail = "Wrong e-mail address or password"


class ForbiddenError(AppException):
    status_code = 403
    error_code = "FORBIDDEN"
    default_detail = "Not enough rights"


class WrongPasswordError(ForbiddenError):
    error_code = "WRONG_PASSWORD"
    default_detail = "The current password is wrong"


class StaleLoginError(ForbiddenError):
    error_code = "REAUTHENTICATION_REQUIRED"
    default_detail = "Log in again with your password, then retry within ten minutes"


class NotFoundError(AppException):
    status_code = 404
    error_code = "NOT_FOUND"
    default_detail = "Not found"

    def __init__(self, resource: str, resource_id: object) -> None:
        super().__init__(f"{resource} with id {resource_id} not found")


class ConflictError(AppException):
    status_code = 409
    error_code = "CONFLICT"
    default_detail = "The request conflicts with stored data"


class LastAdminError(ConflictError):
    error_code = "LAST_ADMIN"
    default_detail = "The last active administrator must stay one"


class ValidationError(AppException):
    status_code = 422
    error_code = "VALIDATION_ERROR"
    default_detail = "The request is not valid"


class InvalidCursorError(ValidationError):
    default_detail = "The cursor does not belong to this list and sort order"
    fields = ("cursor",)
    location = "query"


class TooManyRequestsError(AppException):
    status_code = 429
    error_code = "TOO_MANY_REQUESTS"
    default_detail = "Too many requests"


class ServiceUnavailableError(AppException):
    status_code = 503
    error_code = "SERVICE_UNAVAILABLE"
    default_detail = "Try again in a moment"
    default_headers: ClassVar = {"Retry-After": "1"}
