"""What the manifests start: servers with their settings, and the commands of their pods."""

import secrets
from pathlib import Path

import pytest

from generated.manifests import Manifests, needed, settings
from generated.projects import Project, Workshop
from generated.server import running
from generated.service import SHELL, Account
from generated.services import find_postgres, find_redis

pytestmark = pytest.mark.slow

PROBES = ("startup", "liveness", "readiness")


@pytest.fixture(scope="module")
def project(workshop: Workshop) -> Project:
    answers = {"database": "postgresql", "deploy": "kubernetes", "ci": "none"}
    return workshop.project("kubernetes", answers)


def test_a_new_pod_takes_requests_when_the_job_has_migrated(
    project: Project, tmp_path: Path
) -> None:
    base = Manifests.base(project.path)
    server, job = (base.container(kind) for kind in ("Deployment", "Job"))
    probes = {name: server[f"{name}Probe"]["httpGet"]["path"] for name in PROBES}
    # What the image sets, and the image has no `.env`.
    plain = SHELL | {"ENVIRONMENT": "production", "DEBUG": "false"}
    plain |= settings(project.path, "production")
    with (
        find_postgres(project) as postgres,
        postgres.database() as url,
        find_redis(project) as redis,
    ):
        values = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATABASE_URL": url,
            "REDIS_URL": redis,
        }
        env = plain | {name: values[name] for name in needed(server)}
        of_job = plain | {name: values[name] for name in needed(job)}
        with running(project, tmp_path, "gunicorn", env=env | {"PORT": "{port}"}) as pod:
            pod.wait(probes["startup"])
            assert pod.send("GET", probes["liveness"]).status == 200
            assert pod.send("GET", probes["readiness"]).status == 503
            project.uv_run(*job["command"], env=of_job).must_succeed()
            assert pod.send("GET", probes["readiness"]).status == 200
            assert Account(pod).register().status == 201
            assert len(pod.workers()) == int(env["WEB_CONCURRENCY"])
            assert pod.stop() == 0
        # As when a node is drained in the middle of a release.
        project.uv_run(*job["command"], env=of_job).must_succeed()
