"""TigerBeetle's own benchmark, where `TIGERBEETLE` names its program: a database of another kind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile

from bench.ledger.peers import NotRun

VARIABLE = "TIGERBEETLE"
SECONDS_MAX = 300
_RATE = re.compile(r"^load accepted = (\d+) tx/s", re.MULTILINE)


def program() -> str:
    """Raises NotRun."""
    named = os.environ.get(VARIABLE, "")
    found = shutil.which(named) if named else None
    if found is None:
        raise NotRun(f"{VARIABLE} names no program")
    return os.path.abspath(found)


def posted_per_second(transfers: int) -> float:
    """Of `tigerbeetle benchmark`: batches of 8,190, a server on a file of its own. Raises NotRun."""
    command = [program(), "benchmark", f"--transfer-count={transfers}"]
    with tempfile.TemporaryDirectory(prefix="guildhall-tigerbeetle-") as folder:
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS_MAX
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotRun(str(error)) from None
    found = _RATE.search(done.stdout) or _RATE.search(done.stderr)
    if found is None:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotRun(f"it ended with {done.returncode}: {said[-1] if said else 'it said nothing'}")
    return float(found[1])
