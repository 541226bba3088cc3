"""The Jinja expressions of `copier.yml` (`when`, `validator`, `default`), as Copier reads them."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

FALSE = {"", "n", "no", "f", "false", "off", "0", "~", "null", "none"}


class Expressions:
    """Renders expressions with Copier's own filters, in a sandbox."""

    def __init__(self, envops: Mapping[str, Any]) -> None:
        """Take the `_envops` of `copier.yml`."""
        self._envops = envops

    def text(self, source: str, context: Mapping[str, Any]) -> str:
        """Render `source`; raises Jinja's errors."""
        if "{" not in source:
            return source
        return self._environment.from_string(source).render(**context)

    def truth(self, source: str | bool, context: Mapping[str, Any]) -> bool:
        """Render `source` and read the result as a YAML boolean."""
        if isinstance(source, bool):
            return source
        return self.text(source, context).strip().lower() not in FALSE

    @cached_property
    def _environment(self) -> "SandboxedEnvironment":
        import jinja2  # noqa: PLC0415
        from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

        options = dict(self._envops)
        name = str(options.pop("undefined", "jinja2.Undefined")).rpartition(".")[2]
        return SandboxedEnvironment(
            undefined=getattr(jinja2, name),
            extensions=["jinja2_ansible_filters.AnsibleCoreFiltersExtension"],
            autoescape=False,
            **options,
        )
