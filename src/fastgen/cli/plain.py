"""A terminal for questions without colours and other styles; it imports prompt_toolkit."""

from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Attrs


class PlainOutput(Vt100_Output):
    """Moves the cursor and writes text, nothing else."""

    def set_attributes(self, attrs: Attrs, color_depth: ColorDepth) -> None:
        """Leave the style as it is."""

    def reset_attributes(self) -> None:
        """Leave the style as it is."""
