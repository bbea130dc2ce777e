"""Scripts that measure in headless Chromium: `make bench` brings neither it nor Node, and says so."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guildhall.refusals import StartRefused
from tests.web.browser import HERE as WEB_TESTS
from tests.web.browser import NoBrowser, chromium, node

RUN_SECONDS_MAX = 300


def run_in_browser(script: Path, variable: str, asked: Mapping[str, object]) -> Any:
    """What the script's last line says. Raises StartRefused."""
    try:
        program, browser = node(), chromium()
    except NoBrowser as missing:
        raise StartRefused(f"this is measured in a browser: {missing}") from missing
    told = {**asked, "browser": browser, "modules": str(WEB_TESTS / "node_modules")}
    ended = subprocess.run(
        [program, str(script)],
        check=False,
        env={**os.environ, variable: json.dumps(told)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
    )
    if ended.returncode != 0:
        raise StartRefused(f"the browser failed: {ended.stderr.strip()[-500:]}")
    return json.loads(ended.stdout.strip().splitlines()[-1])
