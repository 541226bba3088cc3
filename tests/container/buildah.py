"""Images: base images made from Debian's packages, and the generated one built on them."""

import fcntl
import hashlib
import json
import os
import re
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from uv import find_uv_bin

from .tools import cache_folder, only_one_process, run

SUITE = "bookworm"
PACKAGES = "ca-certificates,python3,python3-venv"
UNNEEDED = ("usr/share/doc", "usr/share/locale", "usr/share/man", "var/*/apt/*/*")
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
KEY = "fastgen.made-from"
PREFIX = "fastgen-test-"


@dataclass(frozen=True)
class Buildah:
    """buildah with a storage of its own, which needs no daemon and no kernel module."""

    folder: Path

    def __call__(self, *arguments: str | Path) -> str:
        settings = {"CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf")}
        return run("buildah", *arguments, env=os.environ | settings)

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """Open a storage, and clear first what a killed run has left in it."""
        buildah = cls(folder)
        with (folder / "users").open("w") as users:
            with only_one_process(folder), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                buildah._clear()
            fcntl.flock(users, fcntl.LOCK_SH)
            yield buildah

    def _clear(self) -> None:
        (self.folder / "storage.conf").write_text(
            '[storage]\ndriver = "vfs"\n'
            f'graphroot = "{self.folder / "images"}"\nrunroot = "{self.folder / "run"}"\n'
        )
        self("rm", "--all")
        for image in json.loads(self("images", "--json")):
            if any(PREFIX in name for name in image["names"] or [PREFIX]):
                self("rmi", "--force", image["id"])

    @contextmanager
    def container(self, context: Path) -> Iterator[tuple[str, str]]:
        """Build a folder's Dockerfile, and yield the names of the image and a container of it.

        One process at a time: a build and the clearing after another do not go together.
        """
        with only_one_process(self.folder):
            image = self._build(context)
            container = self("from", "--pull-never", image).strip()
        try:
            yield image, container
        finally:
            with only_one_process(self.folder):
                self("rm", container)
                self("rmi", image)

    def config(self, image: str) -> dict[str, Any]:
        """Return an image's configuration as Docker sees it."""
        found: dict[str, Any] = json.loads(self("inspect", "--type", "image", image))
        config: dict[str, Any] = found["Docker"]["config"]
        return config

    def _build(self, context: Path) -> str:
        """Build a folder's Dockerfile on base images made here, and return the image's name.

        A digest is that of the published image, which one made here cannot have.
        """
        dockerfile = re.sub(r"@sha256:[0-9a-f]{64}", "", (context / "Dockerfile").read_text())
        self._make_bases(dockerfile)
        name = f"{PREFIX}{uuid.uuid4().hex}"
        recipe = self.folder / f"{name}.Dockerfile"
        recipe.write_text(dockerfile)
        try:
            self(
                *("build", "--isolation", "chroot", "--pull-never", "--format", "docker"),
                *("--layers=false", "--force-rm", "--tag", name, "--file", recipe, context),
            )
        finally:
            recipe.unlink()
        return name

    def _make_bases(self, dockerfile: str) -> None:
        for name in base_images(dockerfile):
            if re.search(r"(^|/)uv:", name):
                self._make_uv(name)
            elif re.search(r"(^|/)python:", name):
                self._make_python(name)
            else:
                raise LookupError(f"These tests cannot make a stand-in for {name}.")

    def _make_uv(self, name: str) -> None:
        program = Path(find_uv_bin())
        self._make(name, {}, (program, "/uv"), (program.with_name("uvx"), "/uvx"))

    def _make_python(self, name: str) -> None:
        trusted = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            # Whom this machine trusts, and the index that it is told to use.
            "SSL_CERT_FILE": BUNDLE,
            **{key: value for key, value in os.environ.items() if re.match("UV_.*INDEX", key)},
        }
        self._make(name, environment, (debian(), "/"), (Path(trusted or BUNDLE), BUNDLE))

    def _make(self, name: str, environment: dict[str, str], *copies: tuple[Path, str]) -> None:
        """Make an image out of files, unless it was made out of the same ones before."""
        state = [(str(path), path.stat().st_mtime_ns, target) for path, target in copies]
        key = hashlib.sha256(json.dumps([state, environment]).encode()).hexdigest()
        if self._made_from(name) == key:
            return
        container = self("from", "scratch").strip()
        try:
            for path, target in copies:
                self("copy", container, path, target)
            settings = [f"--env={variable}={value}" for variable, value in environment.items()]
            self("config", f"--label={KEY}={key}", *settings, container)
            self("commit", "--format", "docker", container, name)
        finally:
            self("rm", container)
        self("rmi", "--prune")

    def _made_from(self, name: str) -> str | None:
        try:
            labels: dict[str, str] = self.config(name)["Labels"]
        except RuntimeError:
            return None
        return labels.get(KEY)


def base_images(dockerfile: str) -> list[str]:
    """Return the images that a Dockerfile starts or copies from, less its own stages."""
    named = re.findall(
        r"^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", dockerfile, re.MULTILINE | re.IGNORECASE
    )
    stages = {stage for _, stage in named} | {"scratch"}
    copied = re.findall(r"^COPY\s.*?--from=(\S+)", dockerfile, re.MULTILINE | re.IGNORECASE)
    images = [*(image for image, _ in named), *copied]
    return [image for image in dict.fromkeys(images) if image not in stages]


def debian() -> Path:
    """Return the files of a small Debian with Python, made once by debootstrap."""
    folder = cache_folder() / SUITE
    if not folder.is_dir():
        unfinished = cache_folder() / f"{SUITE}.part"
        run("rm", "-rf", unfinished)
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, unfinished)
        (unfinished / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        for unneeded in UNNEEDED:
            run("rm", "-rf", *unfinished.glob(unneeded))
        unfinished.rename(folder)
    return folder
