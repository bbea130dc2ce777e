"""`guildhall bench picture`: frames of the voice tree in headless Chromium, drawn by software."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.goals import at_least, show_goals
from gateway.pages.web_files import WEB_FOLDER
from guildhall.refusals import StartRefused
from tests.web.browser import HERE as WEB_TESTS
from tests.web.browser import NoBrowser, chromium, node

FRAMES_JS = Path(__file__).parent / "frames.mjs"
NODES = 2_000
FRAMES_PER_SECOND = 60
RUN_SECONDS_MAX = 300


def bench_picture(*, quick: bool, as_json: bool) -> None:
    """Raises StartRefused where there is no browser."""
    told = frames(seconds=6 if quick else 30)
    goals = [
        at_least(f"frames/s with {NODES:,} members", FRAMES_PER_SECOND, round(told["frames_per_second"]))
    ]
    if as_json:
        print(json.dumps(told | {"goals": [asdict(goal) for goal in goals]}, indent=2))
        return
    console = Console()
    console.print(
        f"{told['nodes']:,} members zoomed, growing and walked: {told['frames_per_second']:.1f} frames/s, "
        f"a frame p50 {told['frame_ms_p50']:.1f} ms, p99 {told['frame_ms_p99']:.1f} ms, "
        f"{told['long_frames_share']:.1%} longer than two frames of 60 Hz."
    )
    show_goals(console, goals, "headless Chromium, drawing by software")


def frames(*, seconds: int) -> dict[str, Any]:
    """What `frames.mjs` counted. Raises StartRefused."""
    try:
        program, browser = node(), chromium()
    except NoBrowser as missing:
        raise StartRefused(f"the picture is measured in a browser: {missing}") from missing
    asked = {
        "web": str(WEB_FOLDER),
        "modules": str(WEB_TESTS / "node_modules"),
        "browser": browser,
        "nodes": NODES,
        "seconds": seconds,
    }
    ended = subprocess.run(
        [program, str(FRAMES_JS)],
        check=False,
        env={**os.environ, "PICTURE": json.dumps(asked)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
    )
    if ended.returncode != 0:
        raise StartRefused(f"the browser failed: {ended.stderr.strip()[-500:]}")
    return json.loads(ended.stdout.strip().splitlines()[-1])
