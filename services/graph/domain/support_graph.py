"""The graph of one union in memory: a pure function of its changes, replayed in version order.

Only active members count. The backlinks and voices of and to others rest, and count again when they return.
"""

from collections.abc import Iterable
from uuid import UUID

from services.graph.domain.changes import GENERAL_TOPIC, Change, ChangeKind
from services.graph.domain.voice_forest import NOBODY, VoiceForest


class ChangeOutOfOrder(Exception):
    """A change that is not the next one: the reader starts again from the tables."""

    def __init__(self, expected_version: int, version: int) -> None:
        super().__init__(f"expected change {expected_version}, got {version}")


class SupportGraph:
    """Members are numbers inside, ids outside. Figures are kept, or cached until a change touches them."""

    def __init__(self, version: int = 0) -> None:
        self.version = version
        self.members: list[UUID] = []
        self.number_of: dict[UUID, int] = {}
        self.active: list[bool] = []
        self.roots: set[int] = set()
        self.leaders_of: list[set[int]] = []
        self.supporters_of: list[set[int]] = []
        self.voices = VoiceForest()
        self.active_count = 0
        self.backlinks_count = 0
        self.voices_count = 0
        self._resting_backlinks: dict[int, set[tuple[int, int]]] = {}
        self._resting_voices: dict[int, set[tuple[int, int]]] = {}
        self._given_voice: dict[int, int] = {}
        self._reach: dict[int, int] = {}

    def apply(self, change: Change) -> None:
        """Replay the next change. ChangeOutOfOrder when it is another one."""
        if change.version != self.version + 1:
            raise ChangeOutOfOrder(self.version + 1, change.version)
        self.hold(change)
        self.version = change.version

    def hold(self, change: Change) -> None:
        """Take a state in without moving the version: loading from the tables is this, for each row."""
        subject = self._number(change.subject_id)
        if change.kind is ChangeKind.MEMBERSHIP:
            self._set_membership(subject, change.holds, change.is_root)
            return
        if change.topic != GENERAL_TOPIC:
            return
        if change.kind is ChangeKind.BACKLINK:
            assert change.object_id is not None
            self._set_backlink(subject, self._number(change.object_id), change.holds)
        else:
            self._set_voice(subject, None if change.object_id is None else self._number(change.object_id))

    def supporters_count(self, member: int) -> int:
        """Direct supporters."""
        return len(self.supporters_of[member])

    def branch_count(self, member: int) -> int:
        """People whom the member speaks for."""
        return self.voices.branch_count(member)

    def reach_count(self, member: int) -> int:
        """People from whom the member is reached within two backlinks: each once, without the member."""
        known = self._reach.get(member)
        if known is None:
            direct = self.supporters_of[member]
            within: set[int] = set(direct).union(*(self.supporters_of[supporter] for supporter in direct))
            within.discard(member)
            known = self._reach[member] = len(within)
        return known

    def leaders(self) -> list[int]:
        """Everybody with a supporter."""
        return [number for number, supporters in enumerate(self.supporters_of) if supporters]

    def _number(self, member_id: UUID) -> int:
        number = self.number_of.get(member_id)
        if number is None:
            number = self.number_of[member_id] = len(self.members)
            self.members.append(member_id)
            self.active.append(False)
            self.leaders_of.append(set())
            self.supporters_of.append(set())
            self.voices.grow(number + 1)
        return number

    def _set_membership(self, member: int, active: bool, root: bool) -> None:
        (self.roots.add if active and root else self.roots.discard)(member)
        if active == self.active[member]:
            return
        self.active[member] = active
        if active:
            self.active_count += 1
            for supporter, leader in list(self._resting_backlinks.pop(member, ())):
                self._rest_backlink(supporter, leader, rests=False)
                self._set_backlink(supporter, leader, holds=True)
            for giver, leader in list(self._resting_voices.pop(member, ())):
                self._rest_voice(giver, leader, rests=False)
                self._count_voice(giver, leader)
            return
        self.active_count -= 1
        pairs = [(member, leader) for leader in self.leaders_of[member]]
        pairs += [(supporter, member) for supporter in self.supporters_of[member]]
        for supporter, leader in pairs:
            self._uncount_backlink(supporter, leader)
            self._rest_backlink(supporter, leader, rests=True)
        givers = [*self.voices.spoken_for[member]]
        if self.voices.speaker_of[member] != NOBODY:
            givers.append(member)
        for giver in givers:
            leader = self.voices.speaker_of[giver]
            self._uncount_voice(giver)
            self._rest_voice(giver, leader, rests=True)

    def _set_backlink(self, supporter: int, leader: int, holds: bool) -> None:
        counts = self.active[supporter] and self.active[leader]
        if not holds:
            self._uncount_backlink(supporter, leader)
            self._rest_backlink(supporter, leader, rests=False)
        elif not counts:
            self._rest_backlink(supporter, leader, rests=True)
        elif leader not in self.leaders_of[supporter]:
            self.leaders_of[supporter].add(leader)
            self.supporters_of[leader].add(supporter)
            self.backlinks_count += 1
            self._forget_reach(supporter, leader)

    def _uncount_backlink(self, supporter: int, leader: int) -> None:
        if leader in self.leaders_of[supporter]:
            self._forget_reach(supporter, leader)
            self.leaders_of[supporter].discard(leader)
            self.supporters_of[leader].discard(supporter)
            self.backlinks_count -= 1

    def _set_voice(self, giver: int, leader: int | None) -> None:
        before = self._given_voice.pop(giver, None)
        if before is not None:
            self._uncount_voice(giver)
            self._rest_voice(giver, before, rests=False)
        if leader is not None:
            self._given_voice[giver] = leader
            self._count_voice(giver, leader)

    def _count_voice(self, giver: int, leader: int) -> None:
        """Count a given voice, or let it rest while one of both does not count."""
        if self.active[giver] and self.active[leader]:
            self.voices.give(giver, leader)
            self.voices_count += 1
        else:
            self._rest_voice(giver, leader, rests=True)

    def _uncount_voice(self, giver: int) -> None:
        if self.voices.speaker_of[giver] != NOBODY:
            self.voices.take_back(giver)
            self.voices_count -= 1

    def _rest_backlink(self, supporter: int, leader: int, rests: bool) -> None:
        _rest(self._resting_backlinks, (supporter, leader), rests)

    def _rest_voice(self, giver: int, leader: int, rests: bool) -> None:
        _rest(self._resting_voices, (giver, leader), rests)

    def _forget_reach(self, supporter: int, leader: int) -> None:
        """A backlink moves its leader's reach, and that of everybody whom its leader backs."""
        self._reach.pop(leader, None)
        for further in self.leaders_of[leader]:
            self._reach.pop(further, None)


def _rest(resting: dict[int, set[tuple[int, int]]], pair: tuple[int, int], rests: bool) -> None:
    for member in pair:
        if rests:
            resting.setdefault(member, set()).add(pair)
        elif member in resting:
            resting[member].discard(pair)
            if not resting[member]:
                del resting[member]


def replay(changes: Iterable[Change]) -> SupportGraph:
    """The graph after all the changes from the first one on."""
    graph = SupportGraph()
    for change in changes:
        graph.apply(change)
    return graph
