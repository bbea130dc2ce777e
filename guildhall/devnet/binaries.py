"""Where the node's program comes from: npm, once, into .tools. The one place that knows."""

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
MANIFEST = _ROOT / "deploy" / "devnet" / "package.json"
TOOLS = _ROOT / ".tools"
PACKAGE = "@foundry-rs/anvil"
_PROGRAM = "node_modules/@foundry-rs/anvil-*/bin/anvil*"
_BRING_SECONDS = 120
_FETCH_MS = 20_000


class DevnetMissing(Exception):
    """The node cannot be had here; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def pinned_version(manifest: Path = MANIFEST) -> str:
    """The version that `deploy/devnet/package.json` names. Raises DevnetMissing."""
    try:
        return str(json.loads(manifest.read_text())["dependencies"][PACKAGE])
    except (OSError, ValueError, KeyError):
        raise DevnetMissing("deploy/devnet/package.json is not here") from None


def find_anvil(tools: Path = TOOLS, manifest: Path = MANIFEST, path: str | None = None) -> Path:
    """The program, brought first where it is not there yet. Raises DevnetMissing.

    `path` is where npm and node are looked for; None is this process' own.
    """
    version = pinned_version(manifest)
    place = tools / f"anvil-{version}"
    found = _program(place)
    if found is not None:
        return found
    npm, node = shutil.which("npm", path=path), shutil.which("node", path=path)
    if npm is None or node is None:
        raise DevnetMissing("needs Node and npm on this machine")
    try:
        tools.mkdir(exist_ok=True)
        with (tools / "anvil.lock").open("w") as lock:  # two starts bring it once
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _program(place) or _bring(npm, version, place, manifest)
    except OSError as error:
        raise DevnetMissing(f"cannot write to {tools}: {error.strerror}") from None


def _bring(npm: str, version: str, place: Path, manifest: Path) -> Path:
    """Installs beside its place and renames, so that what is there is whole."""
    sys.stderr.write(f"guildhall: bringing anvil {version} into .tools\n")
    bringing, log = place.with_suffix(".bringing"), place.with_suffix(".log")
    shutil.rmtree(bringing, ignore_errors=True)
    bringing.mkdir()
    shutil.copy(manifest, bringing / "package.json")
    command = [npm, "install", "--prefix", bringing, "--no-audit", "--no-fund", "--ignore-scripts"]
    command += ["--no-package-lock", "--prefer-offline", "--fetch-retries=1", f"--fetch-timeout={_FETCH_MS}"]
    with log.open("wb") as out:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=_BRING_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise DevnetMissing(f"npm did not bring it within {_BRING_SECONDS} s (see {log})") from None
    if done.returncode != 0 or _program(bringing) is None:
        raise DevnetMissing(f"npm could not bring it (see {log})")
    shutil.rmtree(place, ignore_errors=True)
    bringing.rename(place)
    found = _program(place)
    assert found is not None
    return found


def _program(place: Path) -> Path | None:
    return next(iter(sorted(place.glob(_PROGRAM))), None)
