"""Routes of the public pages; what they show is asked of the services as an outsider would ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chassis.address_ranges import read_networks
from chassis.peers import PeerReply, PeerTransports
from chassis.problems import INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, Problem
from chassis.telemetry.metrics import metrics
from events.asyncapi import ASYNCAPI_FILE
from events.schemas_generator import SCHEMAS_FOLDER
from gateway.pages.problems import ADDRESS_NOT_OURS
from gateway.pages.qr_code import NotOurAddress, qr_code
from gateway.pages.web_files import SERVICE_WORKER, WebFiles
from gateway.service_documents import ServiceDocuments
from gateway.settings import GatewaySettings

if TYPE_CHECKING:
    from jinja2 import Environment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types guildhall-worker"
)
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HERE = Path(__file__).parent
PAGE_MAX = 50
CACHED_PAGES_MAX = 1_000
QR_KEPT_SECONDS = 86_400

SHELL_PATHS = (
    "/found",
    "/sign-in",
    "/recover",
    "/me",
    "/notices",
    "/operators",
    "/unsubscribe/{token}",
    *(f"/unions/{{union}}/{way}" for way in ("home", "leaders", "work", "pay", "fund", "rules")),
    *(f"/unions/{{union}}/{way}/{{thing}}" for way in ("leaders", "work", "agreements", "fund")),
)
"""What only a browser with scripts can fill: the page's own addresses, `gateway/web/ui/router.js`."""


class Pages:
    """Renders the public pages and keeps each for some seconds."""

    def __init__(
        self,
        settings: GatewaySettings,
        transports: PeerTransports,
        services: Collection[str],
        version: str,
    ) -> None:
        self._settings = settings
        self._transports = transports
        self._services = services
        self._version = version
        self._metrics_networks = read_networks(settings.metrics_networks)
        self._documents = ServiceDocuments(
            services, transports, settings.public_url, version, settings.document_cache_seconds
        )
        self._kept: dict[str, tuple[float, Response]] = {}
        self._web = WebFiles()
        self._asyncapi = ASYNCAPI_FILE.read_bytes()
        self._schemas = {file.name: file.read_bytes() for file in SCHEMAS_FOLDER.glob("*.json")}

    @cached_property
    def _templates(self) -> Environment:
        """Brought with the first page: a start waits for none."""
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

        return Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self.directory),
                Route("/unions/{union}", self.union),
                Route("/docs", self.docs),
                *(Route(path, self.shell) for path in SHELL_PATHS),
                Route("/qr.svg", self.qr),
                Route(f"/{SERVICE_WORKER}", self._web.service_worker),
                Route("/web/{version}/{name:path}", self._web.file),
                Route("/problems/{slug}", self.problem),
                Route("/openapi.json", self.openapi),
                Route("/asyncapi.json", self.asyncapi),
                Route("/schemas/{file}", self.schema),
                Route("/livez", self.livez),
                Route("/readyz", self.readyz),
                Route("/metrics", self.metrics),
            ],
            exception_handlers={404: self.missing, 405: _wrong_method, Exception: _failed},
        )

    async def shell(self, _: Request) -> Response:
        """What the page fills in the browser."""
        return self._page("shell.html", kept_seconds=self._settings.page_cache_seconds)

    async def missing(self, request: Request, _: Exception) -> Response:
        """A browser is shown a page, everybody else a problem."""
        if "text/html" in request.headers.get("accept", ""):
            return self._page("nothing_here.html", 404)
        return Problem(NOT_FOUND).response()

    async def qr(self, request: Request) -> Response:
        """An address of this deployment as a QR code."""
        try:
            drawn = qr_code(request.query_params.get("text", ""), self._settings.public_url)
        except NotOurAddress:
            return Problem(ADDRESS_NOT_OURS, {"public_url": self._settings.public_url}).response()
        headers = {"Cache-Control": f"private, max-age={QR_KEPT_SECONDS}"}
        return Response(drawn, media_type="image/svg+xml", headers=headers)

    async def directory(self, request: Request) -> Response:
        """Unions by name, a page at a time."""
        search = request.query_params.get("q", "")[:64]
        cursor = request.query_params.get("cursor", "")[:512]
        query = f"?limit={PAGE_MAX}"
        query += f"&search={quote(search)}" if search else ""
        query += f"&cursor={quote(cursor)}" if cursor else ""
        answer = await self._answer("identity", f"/v1/unions{query}")
        if answer is None or answer.status_code >= 500:
            return self._page("unavailable.html", 503)
        if answer.status_code != 200:
            return self._page("unreadable.html", 400)
        seconds = self._settings.page_cache_seconds
        unions = orjson.loads(answer.content)
        return self._page("directory.html", kept_seconds=seconds, unions=unions, search=search)

    async def union(self, request: Request) -> Response:
        """A union's public page."""
        name = request.path_params["union"]
        kept = self._kept.get(name)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        path = f"/v1/unions/{quote(name, safe='')}"
        answer, work, funding, journal = await asyncio.gather(
            self._answer("identity", path),
            self._ask("market", f"{path}/market/summary"),
            self._ask("funding", f"{path}/funding/summary"),
            self._ask("ledger", f"{path}/journal?limit=1"),
        )
        if answer is None or answer.status_code >= 500:
            return self._page("unavailable.html", 503)
        if answer.status_code == 403:
            return self._page("hidden.html", 403)
        if answer.status_code != 200:
            return self._page("missing.html", 404)
        union = orjson.loads(answer.content)
        seconds = self._settings.page_cache_seconds
        page = self._page(
            "union.html", kept_seconds=seconds, union=union, work=work, funding=funding, journal=journal
        )
        if len(self._kept) >= CACHED_PAGES_MAX:
            self._kept.clear()
        self._kept[name] = (time.monotonic() + seconds, page)
        return page

    async def docs(self, _: Request) -> Response:
        """The documentation of the API, from the merged document."""
        seconds = self._settings.document_cache_seconds
        document = await self._documents.merged()
        resolved = partial(_resolved_in, document)
        return self._page("docs.html", kept_seconds=seconds, document=document, resolved=resolved)

    async def problem(self, request: Request) -> Response:
        """What a problem's `type` means."""
        found = (await self._documents.problems()).get(request.path_params["slug"])
        if found is None:
            return Problem(NOT_FOUND).response()
        return self._page("problem.html", kept_seconds=self._settings.document_cache_seconds, problem=found)

    async def openapi(self, _: Request) -> Response:
        document = orjson.dumps(await self._documents.merged())
        return self._published(document)

    async def asyncapi(self, _: Request) -> Response:
        """What integrators read on Kafka."""
        return self._published(self._asyncapi)

    async def schema(self, request: Request) -> Response:
        """The JSON Schema of an event's data: what its `dataschema` points to."""
        file = self._schemas.get(request.path_params["file"])
        return Problem(NOT_FOUND).response() if file is None else self._published(file)

    def _published(self, document: bytes) -> Response:
        """A document of the API, kept by whoever asks."""
        headers = _kept_for(self._settings.document_cache_seconds)
        return Response(document, media_type="application/json", headers=headers)

    async def metrics(self, request: Request) -> Response:
        """Figures of this process for whoever runs it."""
        return await metrics(request, self._metrics_networks)

    async def livez(self, _: Request) -> Response:
        return Response(orjson.dumps({"service": "gateway", "alive": True}), media_type="application/json")

    async def readyz(self, _: Request) -> Response:
        """Ready when every service is."""
        answers = await asyncio.gather(*(self._readiness(name) for name in self._services))
        faults = [fault for found, _ in answers for fault in found]
        warnings = [warning for _, found in answers for warning in found]
        body = {"service": "gateway", "ready": not faults, "faults": faults, "warnings": warnings}
        return Response(orjson.dumps(body), status_code=503 if faults else 200, media_type="application/json")

    async def _readiness(self, service: str) -> tuple[list[str], list[str]]:
        """What keeps the service from serving, and what it says besides."""
        try:
            answer = await self._transports.client(service).request("GET", "/readyz")
        except (OSError, httpx.HTTPError) as error:
            return [f"{service}: {error!r}"], []
        told = orjson.loads(answer.content)
        return (
            [f"{service}: {fault}" for fault in told["faults"]],
            [f"{service}: {warning}" for warning in told["warnings"]],
        )

    async def _ask(self, service: str, path: str) -> Any:
        """A service's answer to an outsider; None where it has none."""
        answer = await self._answer(service, path)
        return None if answer is None or answer.status_code != 200 else orjson.loads(answer.content)

    async def _answer(self, service: str, path: str) -> PeerReply | None:
        try:
            return await self._transports.client(service).request("GET", path)
        except (OSError, httpx.HTTPError):
            return None

    def _page(self, template: str, status: int = 200, kept_seconds: int = 0, **shown: Any) -> Response:
        html = self._templates.get_template(template).render(
            public_url=self._settings.public_url, version=self._version, web=self._web, **shown
        )
        headers = PAGE_HEADERS | (_kept_for(kept_seconds) if kept_seconds else {})
        return HTMLResponse(html, status_code=status, headers=headers)


def _resolved_in(document: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    """A part of the document, or what its reference points to."""
    pointed: str | None = part.get("$ref")
    if pointed is None:
        return part
    _, section, name = pointed.rsplit("/", 2)
    return document["components"][section][name]


def _kept_for(seconds: int) -> dict[str, str]:
    """For what everybody may see alike."""
    return {"Cache-Control": f"public, max-age={seconds}"}


async def _wrong_method(_: Request, __: Exception) -> Response:
    return Problem(METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}).response()


async def _failed(_: Request, __: Exception) -> Response:
    """The gateway writes what failed to its log."""
    return Problem(INTERNAL).response()
