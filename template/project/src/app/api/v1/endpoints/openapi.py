"""The OpenAPI document and the pages that show it."""

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from app.api.contract import behind_prefix
from app.dependencies import Prefix

DOCUMENT = "/api/v1/openapi.json"
DOCS = "/api/docs"
LINK_OF_FASTAPI_DEV = "/docs"
POLICY = (
    "default-src 'self'; frame-ancestors 'none'; img-src 'self' data: https:;"
    " script-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net; worker-src blob:;"
    " style-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net https://fonts.googleapis.com;"
    " font-src https://fonts.gstatic.com"
)
METHODS = ["GET", "HEAD"]

router = APIRouter(include_in_schema=False)


@router.api_route(DOCUMENT, methods=METHODS)
async def read_document(request: Request, prefix: Prefix) -> JSONResponse:
    return JSONResponse(behind_prefix(request.app.openapi(), prefix))


@router.api_route(LINK_OF_FASTAPI_DEV, methods=METHODS)
async def redirect_to_docs(prefix: Prefix) -> RedirectResponse:
    return RedirectResponse(f"{prefix}{DOCS}")


@router.api_route(DOCS, methods=METHODS)
async def read_swagger_ui(request: Request, prefix: Prefix) -> HTMLResponse:
    page = get_swagger_ui_html(openapi_url=f"{prefix}{DOCUMENT}", title=request.app.title)
    page.headers["Content-Security-Policy"] = POLICY
    return page


@router.api_route("/api/redoc", methods=METHODS)
async def read_redoc(request: Request, prefix: Prefix) -> HTMLResponse:
    page = get_redoc_html(openapi_url=f"{prefix}{DOCUMENT}", title=request.app.title)
    page.headers["Content-Security-Policy"] = POLICY
    return page
