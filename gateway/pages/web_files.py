"""The files of the page: read once, named by what is in them, so that a browser keeps them for ever."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
import orjson
from starlette.requests import Request
from starlette.responses import Response

from chassis.problems import NOT_FOUND, Problem

WEB_FOLDER = Path(__file__).parent.parent / "web"
SERVICE_WORKER = "service_worker.js"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
CATALOGUES = "texts/"
"""Each visitor reads one of them: none is asked for ahead."""
PAGES = "pages/"
"""Read when they are opened."""
VERSION_CHARACTERS = 16
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
CODINGS = ("br", "gzip")
"""Content codings (RFC 9110, RFC 7932), the smallest first. Browsers take `br` over HTTPS and on loopback."""
_CODING = re.compile(r"(?:^|,)\s*([a-z]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?(?=,|$)")


@dataclass(frozen=True)
class WebFile:
    """A file as it is sent, plain and compressed. What is compressed is made when it is first asked for: a
    start compresses nothing."""

    media_type: str
    content: bytes

    @cached_property
    def brotli(self) -> bytes:
        return brotli.compress(self.content, mode=brotli.MODE_TEXT)

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.content, mtime=0)


class WebFiles:
    """All files below `gateway/web/` that a browser may read, and the version that they make together."""

    def __init__(self, folder: Path = WEB_FOLDER) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        digest = hashlib.sha256()
        for name, file in self.files.items():
            digest.update(f"{name}\0{len(file.content)}\0".encode() + file.content)
        self.version = digest.hexdigest()[:VERSION_CHARACTERS]
        self.root = f"/web/{self.version}"
        modules = [name for name in self.files if name.endswith(".js") and name != SERVICE_WORKER]
        self.preloaded = [f"{self.root}/{name}" for name in modules if not _waits(name)]
        self._list = orjson.dumps([f"{self.root}/{name}" for name in self.files if name != SERVICE_WORKER])

    async def file(self, request: Request) -> Response:
        """One file. A page opened before an upgrade asks for another version, and gets the present."""
        name = request.path_params["name"]
        is_present = request.path_params["version"] == self.version
        cached = KEPT_FOR_EVER if is_present else "no-store"
        if name == "files.json":
            return Response(self._list, media_type="application/json", headers={"Cache-Control": cached})
        file = self.files.get(name)
        return Problem(NOT_FOUND).response() if file is None else await _sent(request, file, cached)

    async def service_worker(self, request: Request) -> Response:
        """At the root, so that it serves every page; its address carries the version."""
        return await _sent(request, self.files[SERVICE_WORKER], "no-cache")


def _waits(name: str) -> bool:
    """Whether it is fetched only when it is asked for: a page that is opened, the texts of one language."""
    return name.startswith((CATALOGUES, PAGES)) and name not in (f"{CATALOGUES}texts.js", f"{PAGES}pages.js")


def _read(path: Path) -> WebFile:
    return WebFile(MEDIA_TYPES[path.suffix], path.read_bytes())


async def _sent(request: Request, file: WebFile, cached: str) -> Response:
    headers = {"Cache-Control": cached, "Content-Type": file.media_type, "Vary": "Accept-Encoding"}
    coding = best_coding(request.headers.get("accept-encoding", ""))
    if coding is None:
        return Response(file.content, headers=headers)
    # The largest takes a fifth of a second, once.
    content = await asyncio.to_thread(lambda: file.brotli if coding == "br" else file.gzip)
    return Response(content, headers=headers | {"Content-Encoding": coding})


def best_coding(accepted: str) -> str | None:
    """The first of `CODINGS` that the header takes; one with a weight of 0 is refused (RFC 9110, 12.5.3)."""
    weights = {name: float(weight or 1) for name, weight in _CODING.findall(accepted.lower())}
    return next((coding for coding in CODINGS if weights.get(coding)), None)
