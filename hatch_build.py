"""The project URLs of a distribution: those of the repository that releases it."""

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ProjectUrls(MetadataHookInterface):
    """Sets `urls` from the variables that GitHub gives to each workflow; elsewhere there are none.

    An address written down here would stay in every fork, and name whoever has it later.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        """Set `metadata["urls"]`."""
        server, repository = os.getenv("GITHUB_SERVER_URL"), os.getenv("GITHUB_REPOSITORY")
        metadata["urls"] = {}
        if server and repository:
            source = f"{server}/{repository}"
            metadata["urls"] = {
                "Source": source,
                "Documentation": f"{source}#readme",
                "Changelog": f"{source}/blob/HEAD/CHANGELOG.md",
                "Issues": f"{source}/issues",
            }
