"""Who owns a business and who works in it: which right holds at a moment is derived here.

What a hire holds rests on the manager who hired them. Each holds while they are an active member of the
union, and a post only while its member has been one ever since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from chassis.rights.grants import BusinessRight, Charge, Grant
from services.identity.businesses.domain.business import Business, BusinessState, Post, PostKind

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Until when an owner has what their shares give: until they have none."""


@dataclass(frozen=True, slots=True)
class Roster:
    """`posts`: those that were not ended. `joined_at`: of the active members among owners and posts, when
    they last joined."""

    business: Business
    shares: Mapping[UUID, int]
    posts: Mapping[UUID, Post]
    joined_at: Mapping[UUID, datetime]

    @property
    def is_open(self) -> bool:
        return self.business.state is BusinessState.ACTIVE

    def chain(self, post: Post, now: datetime) -> tuple[Post, ...]:
        """The post and, of a hire, the one by which it was given; empty where one of them does not live.

        Of a business that has closed its managers are left, and whom its owners appoint still, to wind it up.
        """
        if not self._is_held(post, now):
            return ()
        if post.kind is PostKind.MANAGER:
            return (post,) if post.under_id is None else ()
        if not self.is_open:
            return ()
        above = None if post.under_id is None else self.posts.get(post.under_id)
        if above is None or above.kind is not PostKind.MANAGER or not self._is_held(above, now):
            return ()
        return (post, above)

    def _is_held(self, post: Post, now: datetime) -> bool:
        joined_at = self.joined_at.get(post.member_id)
        return joined_at is not None and joined_at <= post.begins_at <= now < post.until

    def posts_of(self, member_id: UUID) -> list[Post]:
        return [post for post in self.posts.values() if post.member_id == member_id]

    def living_posts(self, member_id: UUID, now: datetime) -> Iterator[tuple[Post, tuple[Post, ...]]]:
        """Each with its chain."""
        for post in self.posts_of(member_id):
            chain = self.chain(post, now)
            if chain:
                yield post, chain

    def management(self, member_id: UUID, now: datetime) -> Post | None:
        """By which post the member manages, and may hire while the business is open; the longest one."""
        own = [post for post, _ in self.living_posts(member_id, now) if post.kind is PostKind.MANAGER]
        return max(own, key=lambda post: (post.until, post.id), default=None)

    def voice(self, member_id: UUID) -> int:
        """The shares by which a member speaks: those of who is out of the union rest."""
        return self.shares.get(member_id, 0) if member_id in self.joined_at else 0

    def grants_of(self, member_id: UUID, now: datetime) -> tuple[Grant, ...]:
        """What the member holds, in a fixed order. What shares give names the business itself as its
        holding."""
        found: list[Grant] = []
        if self.shares.get(member_id) and member_id in self.joined_at:
            found.append(Grant(BusinessRight.AUDIT.value, self.business.id, NEVER))
        for post, chain in self.living_posts(member_id, now):
            until = min(one.until for one in chain)
            if post.kind is PostKind.MANAGER:
                found += [Grant(right.value, post.id, until) for right in BusinessRight]
                continue
            for right, limit_minor in post.rights.items():
                charges = () if limit_minor is None else (Charge(post.id, limit_minor),)
                found.append(Grant(right.value, post.id, until, charges))
        return tuple(sorted(found, key=lambda grant: (grant.right, grant.holding_id)))

    def may(self, member_id: UUID, right: BusinessRight, now: datetime) -> bool:
        return any(grant.right == right and now < grant.until for grant in self.grants_of(member_id, now))

    def resting_on(self, ended: set[UUID]) -> set[UUID]:
        """The posts that were given by these; not these themselves."""
        return {post.id for post in self.posts.values() if post.under_id in ended} - ended
