"""Who follows whom among the people: those of a real institute, or a generated scale-free graph."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from guildhall.demo.scale import FOLLOWINGS_EACH

REAL_FILE = "email-eu-core/email-Eu-core.txt.gz"


@dataclass(frozen=True, slots=True)
class Following:
    """Pairs (who, whom) of numbers below `people_count`; number 0, the founder, is the most followed."""

    source: str
    people_count: int
    pairs: tuple[tuple[int, int], ...]

    def leaders_of(self) -> list[list[int]]:
        """Whom each person follows, in order."""
        leaders: list[list[int]] = [[] for _ in range(self.people_count)]
        for who, whom in self.pairs:
            leaders[who].append(whom)
        return leaders


def read_following(data_folder: Path | None, stream: random.Random, people_count: int) -> Following:
    """The real e-mails of email-eu-core where the folder of real data is named, else a generated graph."""
    if data_folder is not None and (data_folder / REAL_FILE).is_file():
        with gzip.open(data_folder / REAL_FILE, "rt") as lines:
            rows = [line.split()[:2] for line in lines if not line.startswith("#")]
        followings = [(int(who), int(whom)) for who, whom in rows]
        return _numbered("e-mails of a research institute", followings, people_count)
    return _numbered("a generated scale-free graph", _scale_free(stream, people_count), people_count)


def _numbered(source: str, rows: list[tuple[int, int]], people_count: int) -> Following:
    """The most connected people, the most followed one first; no self-followings, no repeats."""
    pairs = {(who, whom) for who, whom in rows if who != whom}
    followed = Counter(whom for _, whom in pairs)
    connected = followed + Counter(who for who, _ in pairs)
    chosen = sorted(connected, key=lambda person: (-connected[person], person))[:people_count]
    founder = max(chosen, key=lambda person: (followed[person], -person))
    order = [founder, *sorted(person for person in chosen if person != founder)]
    number = {person: place for place, person in enumerate(order)}
    kept = sorted((number[who], number[whom]) for who, whom in pairs if who in number and whom in number)
    return Following(source, people_count, tuple(kept))


def _scale_free(stream: random.Random, people_count: int) -> list[tuple[int, int]]:
    """Preferential attachment (Barabási and Albert, 1999): the more followers, the likelier one more."""
    attraction = list(range(people_count))
    pairs: list[tuple[int, int]] = []
    for person in range(people_count):
        leaders: dict[int, None] = {}
        while len(leaders) < FOLLOWINGS_EACH:
            leader = stream.choice(attraction)
            if leader != person:
                leaders[leader] = None
        pairs += [(person, leader) for leader in leaders]
        attraction += leaders
    return pairs
