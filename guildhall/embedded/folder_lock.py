"""One Guildhall a folder. The lock is the kernel's: it ends with the process, however that ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from guildhall.refusals import StartRefused

LOCK_FILE = "lock"


class FolderLock:
    """Held while entered. Raises StartRefused where another process holds it, or nobody can."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def __enter__(self) -> "FolderLock":
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartRefused(
                f"cannot write to {self._folder} ({error.strerror}): choose another folder with --data DIR"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise StartRefused(
                f"{self._folder} is in use by another Guildhall (process {holder}): "
                "stop that one, or choose another folder with --data DIR"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
