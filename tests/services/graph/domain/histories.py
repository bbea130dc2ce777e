"""Made-up histories of a small union: joining, leaving, backing, withdrawing, giving voices."""

from uuid import UUID

from hypothesis import strategies as st

from services.graph.domain.changes import Change, ChangeKind

MEMBERS = [UUID(int=number + 1) for number in range(9)]


@st.composite
def histories(draw: st.DrawFn, changes_max_count: int = 60) -> list[Change]:
    """Most members are active; changes come in any order, also to members who left or never joined."""
    changes: list[Change] = []
    absent = draw(st.sets(st.sampled_from(MEMBERS), max_size=2))
    for place, member in enumerate(MEMBERS):
        if member not in absent:
            changes.append(membership(len(changes) + 1, member, active=True, root=place == 0))
    for _ in range(draw(st.integers(0, changes_max_count))):
        kind = draw(
            st.sampled_from([*[ChangeKind.BACKLINK] * 5, *[ChangeKind.VOICE] * 5, ChangeKind.MEMBERSHIP])
        )
        subject = draw(st.sampled_from(MEMBERS))
        target = draw(st.sampled_from([member for member in MEMBERS if member != subject]))
        version = len(changes) + 1
        if kind is ChangeKind.MEMBERSHIP:
            changes.append(
                membership(version, subject, active=draw(st.booleans()), root=subject == MEMBERS[0])
            )
        elif kind is ChangeKind.BACKLINK:
            changes.append(backlink(version, subject, target, holds=draw(st.integers(0, 3)) > 0))
        else:
            changes.append(voice(version, subject, draw(st.sampled_from([target, target, target, None]))))
    return changes


def membership(version: int, member: UUID, *, active: bool = True, root: bool = False) -> Change:
    return Change(version, ChangeKind.MEMBERSHIP, member, None, active, root)


def backlink(version: int, supporter: UUID, leader: UUID, *, holds: bool = True) -> Change:
    return Change(version, ChangeKind.BACKLINK, supporter, leader, holds)


def voice(version: int, member: UUID, leader: UUID | None) -> Change:
    return Change(version, ChangeKind.VOICE, member, leader, leader is not None)
