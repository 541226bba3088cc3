"""Who may read and write the rows of a resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Access = Literal["owner", "shared", "admin", "public"]
ACCESSES: tuple[Access, ...] = get_args(Access)

Who = Literal["owner", "signed_in", "admin", "anybody"]


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may read rows, and who may create, change and delete them."""

    read: Who
    write: Who


# What each access means for a resource that is given it now. Entries of format 1 in recipes have
# no rights but these: if one of them changes, its meaning until then has to be kept for them.
PRESETS: Mapping[Access, Rights] = MappingProxyType(
    {
        "owner": Rights("owner", "owner"),
        "shared": Rights("signed_in", "signed_in"),
        "admin": Rights("signed_in", "admin"),
        "public": Rights("anybody", "signed_in"),
    }
)
