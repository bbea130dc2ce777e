"""How far `guildhall invite` is with a file, kept beside the links, so that the next run goes on there."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


class PlaceUnusable(Exception):
    """The message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """`digest`: of what is wanted. `key`: under which the list is begun, once (Idempotency-Key); `path`: of
    the list, None before it is known. `line`: the last one that has its link among the `bytes_written`."""

    digest: str
    key: str
    path: str | None = None
    line: int = 0
    bytes_written: int = 0

    @classmethod
    def new(cls, digest: str) -> "Place":
        return cls(digest, secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """Is written whole or not at all, and lasts through a loss of power."""

    path: Path

    @classmethod
    def beside(cls, out: Path) -> "PlaceFile":
        return cls(out.with_name(f"{out.name}.place"))

    def read(self, digest: str) -> Place | None:
        """None where nothing was begun. Raises PlaceUnusable."""
        try:
            place = Place(**json.loads(self.path.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            raise PlaceUnusable(f"{self.path} is no place that was kept: remove it to begin anew") from error
        if place.digest != digest:
            raise PlaceUnusable(
                f"{self.path} is of another list of people, or of other options: remove it to begin anew"
            )
        return place

    def keep(self, place: Place) -> None:
        written = self.path.with_name(f"{self.path.name}.new")
        with written.open("w") as file:
            json.dump(asdict(place), file)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self.path)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
