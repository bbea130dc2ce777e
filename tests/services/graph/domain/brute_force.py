"""The figures counted the slow and obvious way, from the changes alone: what the graph is held to."""

from collections.abc import Iterable
from uuid import UUID

import numpy as np

from services.graph.domain.changes import Change, ChangeKind

Pairs = set[tuple[UUID, UUID]]


class Truth:
    """The state after the changes, by the newest change of each thing."""

    def __init__(self, changes: Iterable[Change]) -> None:
        memberships: dict[UUID, Change] = {}
        backlinks: dict[tuple[UUID, UUID], bool] = {}
        voices: dict[UUID, UUID | None] = {}
        for change in changes:
            if change.kind is ChangeKind.MEMBERSHIP:
                memberships[change.subject_id] = change
            elif change.kind is ChangeKind.BACKLINK:
                assert change.object_id is not None
                backlinks[change.subject_id, change.object_id] = change.holds
            else:
                voices[change.subject_id] = change.object_id
        self.active = {member for member, change in memberships.items() if change.holds}
        self.roots = {member for member in self.active if memberships[member].is_root}
        self.backlinks: Pairs = {
            pair for pair, holds in backlinks.items() if holds and set(pair) <= self.active
        }
        self.voices: Pairs = {
            (member, leader)
            for member, leader in voices.items()
            if leader is not None and member in self.active and leader in self.active
        }

    def supporters(self, leader: UUID) -> set[UUID]:
        return {supporter for supporter, backed in self.backlinks if backed == leader}

    def branch(self, leader: UUID) -> set[UUID]:
        return _everybody_before(self.voices, leader, steps=len(self.active) + 1)

    def reach(self, leader: UUID) -> set[UUID]:
        return _everybody_before(self.backlinks, leader, steps=2)

    def standings(self, damping: float) -> dict[UUID, float]:
        """By a dense linear system instead of an iteration."""
        members = sorted(self.active)
        if not self.roots:
            return dict.fromkeys(members, 0.0)
        number = {member: place for place, member in enumerate(members)}
        restart = np.array([(member in self.roots) / len(self.roots) for member in members])
        flow = np.zeros((len(members), len(members)))
        for member in members:
            backed = [leader for supporter, leader in self.backlinks if supporter == member]
            for leader in backed:
                flow[number[leader], number[member]] = 1 / len(backed)
            if not backed:
                flow[:, number[member]] = restart
        solved = np.linalg.solve(np.eye(len(members)) - damping * flow, (1 - damping) * restart)
        return {member: float(solved[number[member]]) for member in members}


def _everybody_before(pairs: Pairs, leader: UUID, steps: int) -> set[UUID]:
    reached = {leader}
    for _ in range(steps):
        wider = reached | {source for source, target in pairs if target in reached}
        if wider == reached:
            break
        reached = wider
    return reached - {leader}
