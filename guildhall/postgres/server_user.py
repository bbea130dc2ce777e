"""Whom the server runs as, and by which path that user reaches the data folder.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, who may not pass through the parents
of the data folder (a checkout under /root). Their permissions are not ours to change, so the server gets the
folder as an open descriptor and names its files below `/proc/self/fd/N`.
"""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from guildhall.refusals import StartRefused

_NOBODY_ID = 65534


@dataclass(frozen=True, slots=True)
class ServerUser:
    """`identity` is (uid, gid) when it differs from ours, else None."""

    identity: tuple[int, int] | None

    @classmethod
    def of_this_process(cls) -> "ServerUser":
        if os.geteuid() != 0:
            return cls(None)
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            return cls((_NOBODY_ID, _NOBODY_ID))
        return cls((entry.pw_uid, entry.pw_gid))

    def refuse_missing(self) -> None:
        """Raises StartRefused where we are root and cannot become anybody else."""
        if self.identity is None:
            return
        arguments = cast(dict[str, Any], self.process_arguments())
        try:
            done = subprocess.run(["/bin/sh", "-c", ":"], check=False, timeout=30, **arguments)
        except (OSError, ValueError, subprocess.SubprocessError):
            done = None
        if done is None or done.returncode != 0:
            raise StartRefused(
                "PostgreSQL refuses to run as root, and root can become no other user here: "
                "start Guildhall as an ordinary user, or set DATABASE_URL to a server"
            )

    def give(self, path: Path, mode: int) -> None:
        """Hand a file or folder to the server."""
        if self.identity is not None:
            os.chown(path, *self.identity)
        path.chmod(mode)

    def process_arguments(self) -> dict[str, object]:
        """Arguments of `subprocess` that start a program as this user, away from the terminal's signals."""
        arguments: dict[str, object] = {
            "cwd": "/",
            "env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "start_new_session": True,
        }
        if self.identity is not None:
            uid, gid = self.identity
            arguments |= {"user": uid, "group": gid, "extra_groups": []}
        return arguments

    def reaches_by_descriptor(self) -> bool:
        return self.identity is not None and sys.platform == "linux"
