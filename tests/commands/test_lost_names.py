"""What people's lines of a merged file use stays imported, or is told with its lines."""

import pytest

from living import Living

SERVICE, TESTS = "src/app/services/order.py", "tests/test_orders.py"
REFUSED = """
    async def refuse(self, order_id: int) -> None:
        raise ConflictError("no", fields=["id"]) from None
"""
TEST = """

async def test_body(client: AsyncClient, accounts: dict[str, Account]) -> None:
    assert await body_of_order(client, accounts)
"""


@pytest.mark.slow
def test_imports_stay_and_functions_that_are_gone_are_told(project: Living) -> None:
    project.must("add", "resource", "item", "name:str:40")
    project.must("add", "resource", "order", "note:str:40", "item:ref:item")
    project.write(SERVICE, project.read(SERVICE) + REFUSED)
    project.write(TESTS, project.read(TESTS) + TEST)
    result = project.run("remove", "field", "order", "item")
    assert result.code == 4
    assert "import ConflictError, NotFoundError\n" in project.read(SERVICE)
    lines = project.read(TESTS).splitlines()
    at = lines.index("    assert await body_of_order(client, accounts)") + 1
    told = f"left to you: {TESTS}: line {at} uses body_of_order, which it no longer defines"
    assert told in result.err
    assert result.err.count("left to you: ") == 1
