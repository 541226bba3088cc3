"""Reads DATABASE_URL as platforms write it, with the parameters that asyncpg supports."""

from re import fullmatch

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DRIVER = "postgresql+asyncpg"
SCHEMES = {"postgres", "postgresql", DRIVER}
FREE_TEXT = (
    *("host", "port", "user", "password", "passfile", "dbname", "database", "service"),
    *("sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl"),
    *("krbsrvname", "gsslib", "application_name", "options"),
)
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
PARAMETERS = {
    "connect_timeout": "[1-9][0-9]{0,2}",
    "sslmode": "disable|allow|prefer|require|verify-ca|verify-full",
    "sslnegotiation": "postgres|direct",
    "ssl_min_protocol_version": r"TLSv1(\.[123])?",
    "ssl_max_protocol_version": r"TLSv1(\.[123])?",
    "target_session_attrs": "any|primary|standby|read-write|read-only|prefer-standby",
    **dict.fromkeys(FREE_TEXT, "(?s).+"),
}


def read_database_url(text: str) -> str:
    """Return the URL with SQLAlchemy's scheme and libpq's parameters; raises ValueError."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in SCHEMES:
        raise ValueError(
            f"must be a URL that starts with postgresql:// or {DRIVER}://,"
            " with percent-encoded parts"
        )
    query = {name: ",".join(values) for name, values in url.normalized_query.items()}
    if "ssl" in query:  # SQLAlchemy's name
        query["sslmode"] = query.pop("ssl")
    refused = [
        name for name, value in query.items() if not fullmatch(PARAMETERS.get(name, ""), value)
    ]
    if refused:
        # Without the values: one may be a password.
        raise ValueError(
            f"has parameters or values that asyncpg does not know: {', '.join(refused)}"
        )
    return url.set(drivername=DRIVER, query=query).render_as_string(hide_password=False)
