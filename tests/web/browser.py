"""What the tests in a browser need besides Python: Chromium, Node, and npm packages of their own folder."""

import fcntl
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NPM_SECONDS_MAX = 240


class NoBrowser(Exception):
    """The message says what is missing."""


def chromium() -> str:
    """The program. Raises NoBrowser."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise NoBrowser("no Chromium here (on Debian: apt-get install chromium)")


def node() -> str:
    """Node, with the packages of package-lock.json brought. Raises NoBrowser."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        raise NoBrowser("no Node with npm here")
    with (HERE / ".npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two test processes one brings them
        _bring(npm)
    return program


def _bring(npm: str) -> None:
    brought = HERE / "node_modules" / ".package-lock.json"
    wanted = HERE / "package-lock.json"
    if not brought.exists() or brought.stat().st_mtime < wanted.stat().st_mtime:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        ended = subprocess.run(
            command, check=False, cwd=HERE, capture_output=True, text=True, timeout=NPM_SECONDS_MAX
        )
        if ended.returncode != 0:
            raise NoBrowser(f"npm ci brought nothing: {ended.stderr.strip()[-300:]}")
        brought.touch()
