"""Swagger UI and ReDoc, which load nothing from other hosts."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.staticfiles import StaticFiles
from starlette.responses import RedirectResponse

# ReDoc searches in a worker that is a blob. Its logo is on another host, and is not shown.
POLICY = (
    "default-src 'self'; frame-ancestors 'none'; img-src 'self' data:; script-src 'self' {hash};"
    " style-src 'self' 'unsafe-inline'; worker-src blob:"
)
FILES = StaticFiles(packages=[("fastapi_offline", "static")])


async def read_file(request: Request) -> Response:
    response = await FILES.get_response(request.path_params["name"], request.scope)
    response.headers["Cache-Control"] = "no-cache"  # browsers ask whether it has changed
    return response


def serve_docs(app: FastAPI) -> None:
    """Add the two pages; their URLs are relative, so they work behind any prefix."""
    swagger = get_swagger_ui_html(
        openapi_url="v1/openapi.json",
        title=app.title,
        swagger_js_url="docs/swagger-ui-bundle.js",
        swagger_css_url="docs/swagger-ui.css",
        swagger_favicon_url="docs/favicon.png",
    )
    redoc = get_redoc_html(
        openapi_url="v1/openapi.json",
        title=app.title,
        redoc_js_url="docs/redoc.standalone.js",
        redoc_favicon_url="docs/favicon.png",
        with_google_fonts=False,
    )
    [script] = re.findall(b"<script>(.*?)</script>", swagger.body, re.DOTALL)
    policy = POLICY.format(hash=f"'sha256-{b64encode(sha256(script).digest()).decode()}'")
    for page in (swagger, redoc):
        page.headers["Content-Security-Policy"] = policy
    app.add_route("/api/docs", lambda _: swagger, include_in_schema=False)
    app.add_route("/api/docs/{name}", read_file, include_in_schema=False)
    app.add_route("/api/redoc", lambda _: redoc, include_in_schema=False)
    # The link that `fastapi dev` prints.
    app.add_route("/docs", lambda _: RedirectResponse("api/docs"), include_in_schema=False)
