"""A terminal for questions without styles; imports prompt_toolkit."""

from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Attrs


class PlainOutput(Vt100_Output):
    """Only moves the cursor and writes text."""

    def set_attributes(self, attrs: Attrs, color_depth: ColorDepth) -> None:
        """Do nothing."""

    def reset_attributes(self) -> None:
        """Do nothing."""
