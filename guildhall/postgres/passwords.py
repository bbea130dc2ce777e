"""The passwords of the cluster's roles: made once, kept in one file of the data folder that only we read."""

import json
import os
import secrets
from pathlib import Path

from guildhall.refusals import StartRefused


class Passwords:
    """Role name -> password. A new role's password is written down before it is used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._of_role: dict[str, str] = {}
        if file.exists():
            try:
                self._of_role = json.loads(file.read_text())
            except (OSError, ValueError):
                raise StartRefused(f"cannot read {file}: restore it, or choose another folder") from None

    def of(self, role: str) -> str:
        if role not in self._of_role:
            self._of_role[role] = secrets.token_urlsafe(24)
            self._write()
        return self._of_role[role]

    def _write(self) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._file.with_suffix(".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(self._of_role, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        beside.rename(self._file)
