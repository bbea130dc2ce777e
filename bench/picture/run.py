"""`guildhall bench picture`: frames of the voice tree in headless Chromium, drawn by software."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.browser import run_in_browser
from bench.goals import at_least, show_goals
from gateway.pages.web_files import WEB_FOLDER

FRAMES_JS = Path(__file__).parent / "frames.mjs"
NODES = 2_000
FRAMES_PER_SECOND = 60


def bench_picture(*, quick: bool, as_json: bool) -> None:
    """Raises StartRefused where there is no browser."""
    asked = {"web": str(WEB_FOLDER), "nodes": NODES, "seconds": 6 if quick else 30}
    told: dict[str, Any] = run_in_browser(FRAMES_JS, "PICTURE", asked)
    goals = [at_least(f"frames/s with {NODES:,} members", FRAMES_PER_SECOND, told["frames_per_second"])]
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
