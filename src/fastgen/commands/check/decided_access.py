"""Finds who may read and write the rows of a resource in edited code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fastgen.commands.check.slice_source import Slice, Told
from fastgen.names import layout
from fastgen.project import callers
from fastgen.slices import column_sets
from fastgen.slices.column_sets import OWNER
from fastgen.slices.resource import Resource
from fastgen.slices.rights import PRESETS, Rights, Who
from fastgen.wiring.classes import find_classes

WHO: Mapping[Who, str] = {
    "owner": "owners",
    "signed_in": "signed-in users",
    "admin": "administrators",
    "anybody": "anybody",
}


@dataclass(frozen=True, slots=True)
class Access:
    """A resource with the access that the code gives, and rights that no access rule has."""

    resource: Resource
    told: tuple[Told, ...] = ()
    unclear: tuple[Told, ...] = ()


def read(files: Slice) -> Access:
    """Return the resource of `files` with the access that its endpoints and service give."""
    resource = files.entry.resource
    names = resource.names
    endpoints, service = layout.endpoints(names), layout.service(names)
    if files.ours(endpoints) is None and files.ours(service) is None:
        return Access(resource)
    ours = callers.of(files.tree(endpoints), files.tree(service), names)
    theirs = callers.of(files.theirs(endpoints), files.theirs(service), names)
    # Templates of a project itself may give other rights.
    if ours is None or theirs is None or theirs.rights != resource.rights:
        return Access(resource)
    if ours.rights == resource.rights or not _is_whole(files, ours.rights):
        return Access(resource)
    line, rights = ours.line(theirs), ours.rights
    preset = next((name for name, meant in PRESETS.items() if meant == rights), None)
    if preset is None:
        told = f"{_said(rights)} is not an access that {files.entry.path} can record"
        return Access(resource, unclear=(Told(endpoints, line, told),))
    told = f"{_said(rights)} is the access {preset}, but {files.entry.path} says {resource.access}"
    new = column_sets.without(replace(resource, access=preset, kept_rights=None), ())
    return Access(new, told=(Told(endpoints, line, told),))


def _is_whole(files: Slice, rights: Rights) -> bool:
    """Whether nothing else decides: only owned rows name owners, and the router has no dependency.

    The service may find the rows of an owner in ways that cannot be recognized here.
    """
    path = layout.model(files.entry.resource.names)
    model = find_classes(files.project.read(path) or b"")
    owned = any(one.table and OWNER in one.attributes for one in model)
    router = files.project.read(layout.ROUTER) or b""
    return b"dependencies" not in router and owned == ("owner" in {rights.read, rights.write})


def _said(rights: Rights) -> str:
    return f"reading for {WHO[rights.read]} and writing for {WHO[rights.write]}"
