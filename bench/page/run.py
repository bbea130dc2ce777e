"""`guildhall bench page`: what a first visit to a union's page costs a new visitor."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.browser import run_in_browser
from bench.gateway.served import free_port
from bench.goals import at_most, show_goals
from guildhall.client import Connections, DeviceKey, Wallet, sign_in
from guildhall.embedded.child import ChildGuildhall

SCRIPT = Path(__file__).parent / "first_visits.mjs"
FIRST_CONTENT_MS_MAX = 1_000
BYTES_MAX = 200_000
SHIFTED_MAX = 0.01


def bench_page(*, quick: bool, as_json: bool) -> None:
    """Raises StartRefused where there is no browser."""
    with (
        tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder,
        ChildGuildhall(Path(folder) / "home", free_port()) as house,
    ):
        page = asyncio.run(_founded(house.url))
        asked = {"url": page, "visits": 3 if quick else 20}
        visits: list[dict[str, Any]] = run_in_browser(SCRIPT, "PAGE", asked)
    first_content_ms = statistics.median(visit["first_content_ms"] for visit in visits)
    goals = [
        at_most("first content, ms (median)", FIRST_CONTENT_MS_MAX, first_content_ms),
        at_most("bytes sent (most)", BYTES_MAX, max(visit["bytes"] for visit in visits)),
        at_most("layout shift (most)", SHIFTED_MAX, max(visit["shifted"] for visit in visits)),
    ]
    if as_json:
        print(json.dumps({"visits": visits, "goals": [asdict(goal) for goal in goals]}, indent=2))
        return
    console = Console()
    console.print(f"{len(visits)} first visits to a union's page, 360 by 800.")
    show_goals(console, goals, "the house and headless Chromium on one machine")


async def _founded(url: str) -> str:
    """The address of a union's page."""
    async with Connections(url) as connections:
        founder = await sign_in(connections, Wallet.derived("bench", "page"), DeviceKey.create())
        body = {"name": "Guild of Visitors", "purpose": "To be looked at."}
        founded = await founder.post("/v1/unions", body, idempotency_key="bench-page")
        return f"{url}/unions/{founded.checked().json()['slug']}"
