"""What the server says of itself in `postmaster.pid`, and the end of one that a killed Guildhall left."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PostmasterFile:
    """The lines of `postmaster.pid` that matter here (PostgreSQL, miscadmin.h, LOCK_FILE_LINE_*)."""

    process_id: int
    port: int | None
    ready: bool


def read_postmaster_file(cluster: Path) -> PostmasterFile | None:
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        port = int(lines[3]) if len(lines) > 3 else None
        return PostmasterFile(abs(int(lines[0])), port, len(lines) > 7 and lines[7].strip() == "ready")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def serves(process_id: int, cluster: Path) -> bool:
    """Whether that process is the server of this cluster, not a stranger who was given its number since."""
    link = Path(f"/proc/{process_id}/cwd")
    if Path("/proc/self/cwd").exists():
        try:
            return link.resolve(strict=True) == cluster.resolve()
        except OSError:
            return False
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(process_id)], capture_output=True, text=True, check=False
    ).stdout
    return "postgres" in shown and str(cluster) in shown


def end_leftover(cluster: Path, timeout_seconds: float) -> None:
    """Stop a server that outlived its Guildhall, and remove a lock file that nobody holds."""
    left = read_postmaster_file(cluster)
    if left is None:
        return
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if not serves(left.process_id, cluster):
            break
        try:
            os.kill(left.process_id, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + timeout_seconds
        while serves(left.process_id, cluster) and time.monotonic() < deadline:
            time.sleep(0.01)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
