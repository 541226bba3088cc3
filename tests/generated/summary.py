"""Prints a table of variants and checks from pytest's JUnit reports.

`--used SERVICE` makes it fail unless some test has used that service.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, parse

WORDS = {"failure": "FAILED", "error": "ERROR", "skipped": "skipped"}


@dataclass(frozen=True)
class Case:
    """A test as the report tells of it."""

    properties: frozenset[tuple[str, str]]
    outcome: str
    seconds: float

    def get(self, name: str) -> str | None:
        """Return the value of a property."""
        return next((value for key, value in self.properties if key == name), None)


def read(report: Path) -> Iterator[Case]:
    """Yield all tests of a report."""
    for case in parse(report).getroot().iter("testcase"):  # noqa: S314 (our own file)
        yield Case(frozenset(_properties(case)), _outcome(case), float(case.get("time", 0)))


def _properties(case: Element) -> Iterator[tuple[str, str]]:
    for item in case.iter("property"):
        yield item.get("name", ""), item.get("value", "")


def _outcome(case: Element) -> str:
    return next((word for tag, word in WORDS.items() if case.find(tag) is not None), "ok")


def table(cases: list[Case]) -> str:
    """Return a row for each variant and a column for each check."""
    cells: dict[str, dict[str, str]] = {}
    for case in cases:
        variant, check = case.get("variant"), case.get("check")
        if variant and check:
            same = case.outcome == "ok" and case.get("same code")
            cells.setdefault(variant, {})[check] = f"as {same}" if same else case.outcome
    checks = list(dict.fromkeys(check for row in cells.values() for check in row))
    rows = [["variant", *checks]]
    rows += [[name, *(row.get(check, "-") for check in checks)] for name, row in cells.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(checks) + 1)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def main() -> int:
    """Print the table and the totals; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--used", action="append", default=[])
    options = parser.parse_args()
    cases = [case for report in options.reports for case in read(report)]
    outcomes = [case.outcome for case in cases]
    used = {value for case in cases for key, value in case.properties if key == "service"}
    words = {"ok": "passed", "FAILED": "failed", "ERROR": "errors", "skipped": "skipped"}
    lines = [
        table(cases),
        "",
        f"services used: {', '.join(sorted(used)) or 'none'}",
        "tests: " + ", ".join(f"{outcomes.count(key)} {word}" for key, word in words.items()),
    ]
    unused = sorted(set(options.used) - used)
    if unused:
        lines.append(f"On this machine, but used by no test: {', '.join(unused)}")
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if unused or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
