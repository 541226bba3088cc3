"""Schemathesis against a server, as a program, and what it says it has done."""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generated.openapi import DOCUMENT
from generated.projects import Project
from generated.server import Server

PHASES = ("examples", "coverage", "fuzzing", "stateful")
LONGEST_SECONDS = 3600
TESTS = Path(__file__).parents[1]
# The header by which it comes from many clients.
SETTINGS = {"FORWARDED_ALLOW_IPS": "127.0.0.1"}
OPTIONS = (
    "--checks", "all", "--mode", "all", "--workers", "1",
    "--continue-on-failure", "--generation-database", "none", "--no-shrink",
    "--request-timeout", "30", "--no-color", "--warnings", "off", "--report", "ndjson",
)  # fmt: skip


@dataclass(frozen=True)
class Fuzzed:
    """A run that ended."""

    code: int
    printed: str
    # By operation: how many cases of which phase were answered with which status.
    answers: dict[str, Counter[tuple[str, int]]]
    # The codes of what was found in each operation.
    findings: dict[str, set[str]]

    def tried(self, phase: str) -> set[str]:
        """Return the operations that had cases in a phase."""
        return {name for name, found in self.answers.items() if phase in {of for of, _ in found}}

    @property
    def successful(self) -> set[str]:
        """The operations that did what was asked of them at least once."""
        return {
            name
            for name, found in self.answers.items()
            if any(200 <= status < 300 for _, status in found)
        }

    def share(self, status: int) -> float:
        """Return the share of this status among all answers."""
        every = [pair for found in self.answers.values() for pair in found.items()]
        return sum(n for (_, of), n in every if of == status) / sum(n for _, n in every)


def fuzz(project: Project, server: Server, role: str, folder: Path, *options: object) -> Fuzzed:
    """Fuzz the contract of a server as somebody: admin, user or nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.ndjson"
    url = f"http://127.0.0.1:{server.port}{DOCUMENT}"
    command = ("run", url, *OPTIONS, "--report-ndjson-path", report, *options)
    done = subprocess.run(
        [str(word) for word in (Path(sys.executable).with_name("st"), *command)],
        cwd=folder,
        env=project.environment({**server.environment, **_hooks(project, server, role)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    answers: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    findings: dict[str, set[str]] = defaultdict(set)
    for phase, recorder in _scenarios(report):
        for name, found in recorder.get("cases", {}).items():
            case, made = found["value"], recorder.get("interactions", {}).get(name)
            label = f"{case['method']} {case['path']}"
            if made and made["response"]:
                answers[label][phase, made["response"]["status_code"]] += 1
            for check in recorder.get("checks", {}).get(name, ()):
                if check["status"] == "failure":
                    findings[label].add(check["failure_info"]["failure"]["code"])
    return Fuzzed(done.returncode, done.stdout, answers, findings)


def _hooks(project: Project, server: Server, role: str) -> dict[str, str]:
    python = str(project.path / ".venv" / "bin" / "python")
    create_admin = ["env", "-C", str(project.path), python, "-m", "app", "create-admin"]
    return {
        "PYTHONPATH": str(TESTS),
        "SCHEMATHESIS_HOOKS": "generated.fuzzer",
        "FUZZED_AS": role,
        "FUZZED_PORT": str(server.port),
        "FUZZED_CREATE_ADMIN": json.dumps(create_admin),
    }


def _scenarios(report: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the phase of each scenario, and what was sent and answered in it."""
    if not report.exists():
        return
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            ((kind, event),) = json.loads(line).items()
            if kind == "ScenarioFinished":
                yield event["phase"], event["recorder"]
