"""The manifests of `deploy=kubernetes`: that they fit together, and fit the image and the app."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from uv import find_uv_bin

from generated.manifests import (
    FOLDER,
    OVERLAYS,
    Manifests,
    kubectl,
    kustomization,
    needed,
    secrets,
    settings,
)
from generated.services import give_up
from support import Cli

VALIDATOR = "kubernetes-validate==1.37.0"
# The first one is the lowest that README names.
VERSIONS = ("1.30", "1.35", "1.37")
PODS = ("Deployment", "Job")
# What PostgreSQL lets in unless it is configured, without what it keeps for superusers.
CONNECTIONS = 100 - 3
OPTIONS = ("--database=postgresql", "--deploy=kubernetes", "--no-git", "--no-install", "--yes")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, preloaded_fastgen: None) -> Path:  # noqa: ARG001
    return made(tmp_path_factory.mktemp("kubernetes"), "shop-api")


@pytest.fixture(scope="module")
def base(project: Path) -> Manifests:
    return Manifests.base(project)


def made(folder: Path, name: str) -> Path:
    done = Cli(folder, folder / "home").run("new", name, *OPTIONS)
    assert done.code == 0, done.err
    return folder / name


def test_every_file_has_its_place(project: Path) -> None:
    root = project / FOLDER
    known = {root / "README.md"}
    for folder in (root / "base", *(root / "overlays" / name for name in OVERLAYS)):
        content = kustomization(folder)
        patches = [patch["path"] for patch in content.get("patches", [])]
        files = [file for one in content["configMapGenerator"] for file in one["envs"]]
        named = {(folder / name).resolve() for name in (*content["resources"], *patches, *files)}
        assert [path for path in named if not path.exists()] == []
        known |= {folder / "kustomization.yaml", *named}
    assert {path for path in root.rglob("*") if path.is_file()} <= known


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_changes_what_is_in_the_base(
    project: Path, base: Manifests, overlay: str
) -> None:
    folder = project / FOLDER / "overlays" / overlay
    content = kustomization(folder)
    names = {(each["kind"], each["metadata"]["name"]) for each in base.objects}
    for patch in content["patches"]:
        change = yaml.safe_load((folder / patch["path"]).read_text("utf-8"))
        assert (change["kind"], change["metadata"]["name"]) in names
    generated = {
        one["name"] for one in kustomization(project / FOLDER / "base")["configMapGenerator"]
    }
    assert {one["name"] for one in content["configMapGenerator"]} == generated
    (image,) = content["images"]
    assert {base.container(kind)["image"] for kind in PODS} == {image["name"]}
    assert content["namespace"].endswith(overlay)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_settings_are_known_and_no_secrets(project: Path, base: Manifests, overlay: str) -> None:
    example = (project / ".env.example").read_text("utf-8")
    known = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    server, migration = (secrets(base.container(kind)) for kind in PODS)
    plain = set(settings(project, overlay))
    # It is gunicorn's.
    assert plain - known == {"WEB_CONCURRENCY"}
    assert plain.isdisjoint(server)
    assert server.keys() == {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_PASSWORD"}
    assert needed(base.container("Deployment")) == {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}
    assert needed(base.container("Job")) == {"SECRET_KEY", "DATABASE_URL"}
    assert server.keys() <= known
    assert migration.items() <= server.items()
    assert {(name, key) for name, (_, key) in server.items()} == {(name, name) for name in server}


def test_pods_have_the_rights_of_the_image_and_no_more(project: Path, base: Manifests) -> None:
    dockerfile = (project / "Dockerfile").read_text("utf-8")
    (user,) = re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE)
    for kind in PODS:
        pod, container = base.pod(kind), base.container(kind)
        rights = pod["securityContext"]
        assert f"{rights['runAsUser']}:{rights['runAsGroup']}" == user
        assert rights["runAsNonRoot"] is True
        assert rights["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        # All that the app writes, as in compose.yaml.
        assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]
        assert all("emptyDir" in volume for volume in pod["volumes"])


def test_requests_reach_the_port_of_the_image(project: Path, base: Manifests) -> None:
    (exposed,) = re.findall(r"^EXPOSE (\d+)$", (project / "Dockerfile").read_text(), re.MULTILINE)
    (port,) = base.container("Deployment")["ports"]
    (service,) = base.one("Service")["spec"]["ports"]
    (ingress,) = base.one("NetworkPolicy")["spec"]["ingress"]
    assert port["containerPort"] == int(exposed)
    assert service["targetPort"] == port["name"]
    assert ingress["ports"] == [{"protocol": "TCP", "port": int(exposed)}]
    assert "PORT" not in settings(project, "production")
    gunicorn = (project / "gunicorn.conf.py").read_text("utf-8")
    assert re.findall(r"'PORT'\) or (\d+)", gunicorn) == [exposed]


def test_selectors_find_the_pods_that_they_mean(base: Manifests) -> None:
    labels = {kind: base.one(kind)["spec"]["template"]["metadata"]["labels"] for kind in PODS}
    deployment = base.one("Deployment")
    spread = base.pod("Deployment")["topologySpreadConstraints"]
    of_the_server = [
        deployment["spec"]["selector"]["matchLabels"],
        base.one("Service")["spec"]["selector"],
        base.one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        *(constraint["labelSelector"]["matchLabels"] for constraint in spread),
    ]
    for selector in of_the_server:
        assert selector.items() <= labels["Deployment"].items()
        assert not selector.items() <= labels["Job"].items()
    of_all = base.one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
    assert all(of_all.items() <= each.items() for each in labels.values())
    target = base.one("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
    assert target["name"] == deployment["metadata"]["name"]
    # The first step of a release applies all but this one.
    component = "app.kubernetes.io/component"
    assert [
        each["kind"]
        for each in base.objects
        if each["metadata"]["labels"].get(component) == "server"
    ] == ["Deployment"]


def test_a_release_waits_for_its_migration_and_stops_no_pod_before(base: Manifests) -> None:
    spec = base.one("Deployment")["spec"]
    container = base.container("Deployment")
    assert spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert container["readinessProbe"]["httpGet"]["path"] == "/ready"
    # These must not restart pods that wait for the schema.
    for probe in ("startupProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == "/health"
    job = base.one("Job")["spec"]
    assert job.get("parallelism", 1) == job.get("completions", 1) == 1
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert base.container("Job")["command"] == ["alembic", "upgrade", "head"]
    assert base.container("Job")["image"] == container["image"]


def test_probes_wait_longer_than_the_checks(project: Path, base: Manifests) -> None:
    source = (project / "src/app/services/health.py").read_text()
    (seconds,) = re.findall(r"^CHECK_TIMEOUT_SECONDS = (.+)$", source, re.MULTILINE)
    assert base.container("Deployment")["readinessProbe"]["timeoutSeconds"] > float(seconds)


def test_a_pod_stops_within_its_grace_period(project: Path, base: Manifests) -> None:
    source = (project / "gunicorn.conf.py").read_text("utf-8")
    (graceful,) = re.findall(r"^graceful_timeout = (\d+)$", source, re.MULTILINE)
    pause = base.container("Deployment")["lifecycle"]["preStop"]["sleep"]["seconds"]
    grace = base.pod("Deployment")["terminationGracePeriodSeconds"]
    assert pause > 0
    assert grace > pause + int(graceful)
    told = (project / FOLDER / "README.md").read_text("utf-8")
    assert f"for {pause} more seconds" in told
    assert f"within {graceful} seconds (" in told
    assert f"after {grace} seconds in all" in told


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_database_has_connections_for_all_pods(
    project: Path, base: Manifests, overlay: str
) -> None:
    folder = project / FOLDER / "overlays" / overlay
    (patch,) = [one["path"] for one in kustomization(folder)["patches"]]
    replicas = yaml.safe_load((folder / patch).read_text("utf-8"))["spec"]["maxReplicas"]
    surge = base.one("Deployment")["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
    chosen = settings(project, overlay)
    config = (project / "src/app/config.py").read_text("utf-8")
    (overflow,) = re.findall(r"database_max_overflow: int = Field\(default=(\d+)", config)
    pool, workers = int(chosen["DATABASE_POOL_SIZE"]), int(chosen["WEB_CONCURRENCY"])
    overflow = int(chosen.get("DATABASE_MAX_OVERFLOW", overflow))
    needed = (2 * replicas + surge) * workers * (pool + overflow) + 2
    assert needed <= CONNECTIONS
    if overlay == "production":
        told = (project / FOLDER / "README.md").read_text("utf-8")
        assert (
            f"(2 × {replicas} + {surge}) × {workers} × ({pool} + {overflow}) + 2 = {needed}" in told
        )


def test_what_the_network_lets_out(base: Manifests) -> None:
    egress = base.one("NetworkPolicy")["spec"]["egress"]
    ports = {(port["protocol"], port["port"]) for rule in egress for port in rule["ports"]}
    assert ports == {("UDP", 53), ("TCP", 53), ("TCP", 587), ("TCP", 5432), ("TCP", 6379)}


def test_no_value_is_secret(project: Path) -> None:
    for file in (project / FOLDER).rglob("*.yaml"):
        for content in yaml.safe_load_all(file.read_text("utf-8")):
            assert content["kind"] != "Secret"
            assert [value for value in texts(content) if "://" in value] == []


def texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)
        case str():
            yield value


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["a", "on", "x" * 64, "billing-and-invoicing-of-the-whole-company"]
)
def test_names_are_possible_for_every_project(name: str, tmp_path: Path) -> None:
    project = made(tmp_path, name)
    manifests = Manifests.rendered(project, "production")
    for each in manifests.objects:
        found = each["metadata"]["name"]
        assert re.fullmatch(r"[a-z]([a-z0-9.-]*[a-z0-9])?", found)
        assert len(found) <= 63
    assert manifests.one("Job")["metadata"]["name"].endswith("-migrate-0.1.0")


@pytest.mark.slow
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_kubectl_renders_is_whole(project: Path, overlay: str) -> None:
    rendered = Manifests.rendered(project, overlay)
    assert {each["metadata"]["namespace"] for each in rendered.objects} == {f"shop-api-{overlay}"}
    images = {rendered.container(kind)["image"] for kind in PODS}
    assert images == {"registry.example.com/shop-api:0.1.0"}
    # A Job cannot be changed, so that a release has its own.
    assert rendered.one("Job")["metadata"]["name"] == "shop-api-migrate-0.1.0"
    maps = {each["metadata"]["name"]: each["data"] for each in rendered.all("ConfigMap")}
    read = {rendered.container(k)["envFrom"][0]["configMapRef"]["name"]: k for k in PODS}
    assert maps.keys() == read.keys()
    assert all(data == settings(project, overlay) for data in maps.values())
    assert {kind: name for name, kind in read.items()}["Job"] == "shop-api-migrate"


@pytest.mark.slow
def test_a_change_of_settings_replaces_the_pods_and_leaves_the_job(
    project: Path, tmp_path: Path
) -> None:
    subprocess.run(["cp", "-r", project, tmp_path], check=True)
    changed = tmp_path / project.name
    with (changed / FOLDER / "overlays/production/settings.env").open("a") as file:
        file.write("REQUEST_TIMEOUT_SECONDS=15\n")
    before, after = (Manifests.rendered(path, "production") for path in (project, changed))
    assert before.one("Job") == after.one("Job")
    assert before.pod("Deployment") != after.pod("Deployment")


@pytest.mark.slow
def test_a_release_has_a_job_for_which_its_commands_wait(project: Path, tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", project, tmp_path], check=True)
    released = tmp_path / project.name
    file = released / FOLDER / "overlays/production/kustomization.yaml"
    file.write_text(file.read_text("utf-8").replace('newTag: "0.1.0"', 'newTag: "0.2.0"'))
    before, after = (Manifests.rendered(path, "production") for path in (project, released))
    names = [each.one("Job")["metadata"]["name"] for each in (before, after)]
    # Applying an old one again changes nothing, so that it would not run.
    assert len(set(names)) == len(names)
    told = (project / FOLDER / "README.md").read_text("utf-8")
    commands = re.findall(r"^kubectl .*", told, re.MULTILINE)
    assert {name for one in commands for name in re.findall(r"job/(\S+)", one)} == {names[1]}
    # The first step of a release leaves out what this selects: the new pods.
    (steps,) = {label for one in commands for label in re.findall(r"--selector '(.+)!=(.+)'", one)}
    chosen = [
        one for one in after.objects if one["metadata"].get("labels", {}).get(steps[0]) == steps[1]
    ]
    assert [one["kind"] for one in chosen] == ["Deployment"]
    namespace = after.one("Deployment")["metadata"]["namespace"]
    in_place = [
        one for one in re.findall(r"kubectl [^`\n]*", told) if re.search(r"(job|deployment)/", one)
    ]
    assert [one for one in in_place if f"--namespace {namespace} " not in one] == []


def test_the_lowest_version_is_told(project: Path) -> None:
    told = (project / FOLDER / "README.md").read_text("utf-8")
    assert f"Kubernetes must be {VERSIONS[0]} or newer" in told


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(project: Path, version: str, tmp_path: Path) -> None:
    validate = [find_uv_bin(), "tool", "run", "--quiet", "--from", VALIDATOR, "kubernetes-validate"]
    if subprocess.run([*validate, "--version"], capture_output=True, check=False).returncode:
        give_up(f"uv cannot install {VALIDATOR}")
    folder = project / FOLDER / "base"
    files = [folder / name for name in kustomization(folder)["resources"]]
    # Tests of what is rendered say that they are skipped.
    for overlay in OVERLAYS if shutil.which("kubectl") else ():
        files.append(tmp_path / f"{overlay}.yaml")
        files[-1].write_text(kubectl(project, overlay))
    done = subprocess.run(
        [*validate, "--strict", "--kubernetes-version", version, *files],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    objects = [each for file in files for each in yaml.safe_load_all(file.read_text("utf-8"))]
    assert done.stdout.count(" passed for resource ") == len(objects), done.stdout
