"""Peak memory of a process and all its descendants, as PSS: shared pages are counted once (Linux)."""

import threading
from pathlib import Path
from types import TracebackType

_LOOK_SECONDS = 5  # a look costs the kernel some milliseconds a process


class PeakMemory:
    """Looks now and then while entered; `mebibytes` is None where the system does not tell."""

    def __init__(self, process_id: int) -> None:
        self._process_id = process_id
        self._peak_kibibytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def mebibytes(self) -> float | None:
        return self._peak_kibibytes / 1_024 if self._peak_kibibytes else None

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self._peak_kibibytes = max(self._peak_kibibytes, tree_kibibytes(self._process_id))
            if self._over.wait(_LOOK_SECONDS):
                return


def tree_kibibytes(process_id: int) -> int:
    """PSS now, of the process and its descendants; 0 where /proc does not tell."""
    total, waiting = 0, [process_id]
    while waiting:
        one = Path(f"/proc/{waiting.pop()}")
        try:
            for task in (one / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
            rollup = (one / "smaps_rollup").read_text()
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        total += next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total
