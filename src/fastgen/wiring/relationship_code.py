"""The source code of a relationship."""

from dataclasses import dataclass

from fastgen.wiring import line_breaks

ORM = "sqlalchemy.orm"
NEEDED = ("Mapped", "relationship")


@dataclass(frozen=True, slots=True)
class Relationship:
    """The attribute of class `owner` that holds the rows of class `target`."""

    owner: str
    attribute: str
    target: str
    target_module: str
    back_populates: str = ""
    foreign_keys: str | None = None

    @property
    def first_party(self) -> str:
        """The package of the app."""
        return self.target_module.partition(".")[0]

    def code(
        self, indentation: str, unit: str, names: dict[str, str], *, quotes: bool = True
    ) -> list[str]:
        """Return the lines without `indentation`; `names` maps SQLAlchemy's names to local ones.

        Without `quotes`, the target's class is not quoted.
        """
        arguments = [f"back_populates={line_breaks.quoted(self.back_populates)}"]
        if self.foreign_keys:
            arguments.append(f"foreign_keys={line_breaks.quoted(self.foreign_keys)}")
        arguments += ['lazy="raise"', 'passive_deletes="all"']
        target = f'"{self.target}"' if quotes else self.target
        annotation = f"{names['Mapped']}[list[{target}]]"
        head = f"{self.attribute}: {annotation} = {names['relationship']}"
        return line_breaks.call(head, arguments, indentation, unit)

    def snippet(self) -> str:
        """Return the lines to paste if the file cannot be edited."""
        lines = [f"from {ORM} import {', '.join(NEEDED)}"]
        if self.target != self.owner:
            lines.insert(0, "from typing import TYPE_CHECKING")
            lines += ["", "if TYPE_CHECKING:"]
            lines += [f"{line_breaks.UNIT}from {self.target_module} import {self.target}"]
        code = self.code(line_breaks.UNIT, line_breaks.UNIT, {name: name for name in NEEDED})
        lines += ["", f"class {self.owner}:  # keep what is there"]
        return "\n".join([*lines, *(line_breaks.UNIT + line for line in code)])
