"""Who speaks for whom, as a forest that may close into loops, with exact branch sizes kept on every move.

A branch is everybody from whom the leader can be reached along voices: each once, the leader not among them.
Members are numbers from 0. A move costs a walk towards the end of the voices; nothing is ever recounted.
"""

from collections.abc import Iterator

NOBODY = -1


class VoiceForest:
    """`speaker_of[m]` is who speaks for m, `spoken_for[m]` those who gave their voice to m.

    `_hanging[m]` counts those below m without crossing the voices of a loop.
    """

    def __init__(self) -> None:
        self.speaker_of: list[int] = []
        self.spoken_for: list[set[int]] = []
        self._hanging: list[int] = []
        self._in_loop: set[int] = set()

    def grow(self, count: int) -> None:
        """Have room for members 0 to count - 1."""
        for _ in range(count - len(self.speaker_of)):
            self.speaker_of.append(NOBODY)
            self.spoken_for.append(set())
            self._hanging.append(0)

    def give(self, member: int, leader: int) -> None:
        """Let `leader` speak for `member`; a voice given before is taken back first."""
        if leader == member:
            raise ValueError("nobody speaks for themself by a voice")
        if self.speaker_of[member] == leader:
            return
        self.take_back(member)
        moved = self._hanging[member] + 1
        closes = self._walk_adding(leader, moved, stop_at=member)
        self.speaker_of[member] = leader
        self.spoken_for[leader].add(member)
        if closes:
            self._close_loop(member, moved)

    def take_back(self, member: int) -> None:
        """The member speaks for themself again; nothing happens when they do already."""
        leader = self.speaker_of[member]
        if leader == NOBODY:
            return
        if member in self._in_loop:
            self._open_loop(member)
        else:
            self._walk_adding(leader, -(self._hanging[member] + 1), stop_at=NOBODY)
        self.speaker_of[member] = NOBODY
        self.spoken_for[leader].discard(member)

    def branch_count(self, leader: int) -> int:
        """How many the leader speaks for: everybody below, each counted once."""
        if leader not in self._in_loop:
            return self._hanging[leader]
        return sum(self._hanging[member] + 1 for member in self.loop(leader)) - 1

    def loop(self, member: int) -> list[int]:
        """The loop that the member is part of, from them on; empty when they are in none."""
        return list(self._round(member)) if member in self._in_loop else []

    def loop_above(self, member: int) -> list[int]:
        """The loop in which the member's voice rests, be they part of it or not; empty when it ends."""
        current = member
        while current not in self._in_loop:
            current = self.speaker_of[current]
            if current == NOBODY:
                return []
        return self.loop(current)

    def hanging_count(self, member: int) -> int:
        """Those below the member without crossing the voices of a loop."""
        return self._hanging[member]

    def _walk_adding(self, start: int, amount: int, stop_at: int) -> bool:
        """Add on the way up from `start`; a loop's member keeps it all. True if `stop_at` was met."""
        met = False
        current = start
        while current != NOBODY:
            if current == stop_at:
                met = True
                break
            self._hanging[current] += amount
            if current in self._in_loop:
                break
            current = self.speaker_of[current]
        return met

    def _round(self, member: int) -> Iterator[int]:
        yield member
        current = self.speaker_of[member]
        while current != member:
            yield current
            current = self.speaker_of[current]

    def _close_loop(self, member: int, moved: int) -> None:
        """`member` has just closed a loop: its voices carry nothing into hanging counts any more.

        The walk has added what `member` moved to everybody between; it is part of what each passes on.
        """
        around = list(self._round(member))
        passed_on = moved
        for current in around[1:]:
            carried = passed_on
            passed_on = self._hanging[current] + 1
            self._hanging[current] -= carried
        self._hanging[member] -= passed_on - moved
        self._in_loop.update(around)

    def _open_loop(self, member: int) -> None:
        """`member` is about to leave its loop: everybody after them hangs below the next one again."""
        around = list(self._round(member))
        self._in_loop.difference_update(around)
        below = 0
        for current in around[1:]:
            self._hanging[current] += below
            below = self._hanging[current] + 1
        self._hanging[member] += below
