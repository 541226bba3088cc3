"""Reads the manifests of a generated project, with and without kubectl."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = "deploy/kubernetes"
OVERLAYS = ("staging", "production")


@dataclass(frozen=True)
class Manifests:
    """Objects of one kustomization."""

    objects: Sequence[dict[str, Any]]

    @classmethod
    def base(cls, project: Path) -> "Manifests":
        """Return the objects of `base/` as they are in its files."""
        folder = project / FOLDER / "base"
        files = kustomization(folder)["resources"]
        return cls([yaml.safe_load((folder / name).read_text("utf-8")) for name in files])

    @classmethod
    def rendered(cls, project: Path, overlay: str) -> "Manifests":
        """Return what kubectl makes of an overlay."""
        return cls(list(yaml.safe_load_all(kubectl(project, overlay))))

    def one(self, kind: str) -> dict[str, Any]:
        """Return the only object of a kind."""
        (found,) = self.all(kind)
        return found

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return the objects of a kind."""
        return [each for each in self.objects if each["kind"] == kind]

    def pod(self, kind: str) -> dict[str, Any]:
        """Return the specification of the pods of the only object of a kind."""
        pod: dict[str, Any] = self.one(kind)["spec"]["template"]["spec"]
        return pod

    def container(self, kind: str) -> dict[str, Any]:
        """Return the only container in the pods of the only object of a kind."""
        (container,) = self.pod(kind)["containers"]
        found: dict[str, Any] = container
        return found


def kubectl(project: Path, overlay: str) -> str:
    """Return what kubectl prints for an overlay; skip the test where there is none."""
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not on PATH: overlays are checked, but not rendered.")
    command = ["kubectl", "kustomize", str(project / FOLDER / "overlays" / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def kustomization(folder: Path) -> dict[str, Any]:
    """Return the kustomization of a folder."""
    found: dict[str, Any] = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    return found


def settings(project: Path, overlay: str) -> dict[str, str]:
    """Return the settings of an overlay that are no secrets."""
    found: dict[str, str] = {}
    for folder in ("base", f"overlays/{overlay}"):
        lines = (project / FOLDER / folder / "settings.env").read_text("utf-8").splitlines()
        found |= dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return found


def secrets(container: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the name of the Secret, and the key in it, of each variable that has one."""
    return {name: (one["name"], one["key"]) for name, one in _references(container).items()}


def needed(container: Mapping[str, Any]) -> set[str]:
    """Return the variables without whose secret a pod does not start."""
    references = _references(container)
    return {name for name, one in references.items() if not one.get("optional")}


def _references(container: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container["env"]}
