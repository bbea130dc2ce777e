"""Narrow machines: commands that become another one, in namespaces and under limits of their own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_MOUNTS = "no namespace of mounts can be made here: that needs root on Linux, and a kernel that allows it"


def needs_mounts() -> None:
    """Skips where no mount can be made that only its process sees."""
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip(_MOUNTS)
    if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip(_MOUNTS)


def needs_users() -> None:
    """Skips where no namespace of users can be made."""
    probe = ["unshare", "--user", "--map-root-user", "true"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no namespace of users can be made here")


def with_tmpfs(place: Path, mebibytes: int) -> list[str]:
    """A file system of its own of this size at `place`."""
    return _mounted(f'mount -t tmpfs -o size={mebibytes}m none "$0"', place)


def read_only(place: Path) -> list[str]:
    """`place` can be read, not written."""
    return _mounted('mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', place)


def with_root_alone() -> list[str]:
    """Root, and no other user that it could become."""
    return ["unshare", "--user", "--map-root-user"]


def with_memory(gibibytes: int) -> list[str]:
    """No process gets more address space than this."""
    return ["prlimit", f"--as={gibibytes * 1_073_741_824}"]


def seen_from_outside(process_id: int, place: Path) -> Path:
    """`place` as a process in a namespace of mounts has it."""
    return Path(f"/proc/{process_id}/root{place}")


def _mounted(script: str, place: Path) -> list[str]:
    return ["unshare", "--mount", "/bin/sh", "-c", f'{script} && exec "$@"', str(place)]
