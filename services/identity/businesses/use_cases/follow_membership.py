"""Have a change of a membership reach the businesses: who is out holds nothing in them, nor whom they hired.

Their shares stay theirs, and speak again when they are back.
"""

from collections.abc import Sequence
from uuid import UUID

from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import PostEnding
from services.identity.businesses.domain.roster import Roster
from services.identity.businesses.store.businesses import find_business, load_roster
from services.identity.businesses.store.posts import end_posts, placed_among, places_of
from services.identity.businesses.use_cases.standing import hold_members
from services.identity.businesses.use_cases.tell_ended import tell_ended
from services.identity.businesses.use_cases.tell_grants import Shrunk, record_shrunk, tell_differing
from services.identity.domain.membership import Membership, MembershipState
from services.identity.settings import IdentitySettings
from services.identity.store import unions

FOLLOW_IN_BUSINESSES = "follow_in_businesses"
_OUT = frozenset({MembershipState.LEFT, MembershipState.EXPELLED})
"""Whose posts end for good. Those of a suspended member rest, and hold again with their membership."""


async def follow_in_businesses(
    unit: UnitOfWork, settings: IdentitySettings, changed: Membership, by: UUID
) -> list[Shrunk]:
    """Of a member whose new state is saved, and held. What it gives back is to be recorded when nothing else
    is to be locked any more."""
    shrunk: list[Shrunk] = []
    for business_id in await places_of(unit, changed.union_id, changed.member_id):
        business = await find_business(unit, changed.union_id, business_id, lock=True)
        assert business is not None
        await _end_posts(unit, settings, await load_roster(unit, business), changed, by)
        shrunk += await tell_differing(unit, business)
    return shrunk


async def _end_posts(
    unit: UnitOfWork, settings: IdentitySettings, roster: Roster, changed: Membership, by: UUID
) -> None:
    """Of who is out, or was since they were given them."""
    own = {
        post.id
        for post in roster.posts_of(changed.member_id)
        if changed.state in _OUT or changed.joined_at > post.begins_at
    }
    if own:
        business, below = roster.business, roster.resting_on(own)
        await end_posts(unit, business.union_id, business.id, own, by, PostEnding.LEFT)
        await end_posts(unit, business.union_id, business.id, below, by, PostEnding.FROM_ABOVE)
        await tell_ended(unit, settings, roster, below, by)


async def follow_later(unit: UnitOfWork, changed: Sequence[Membership]) -> None:
    """Of one union, each in a transaction of its own, as soon as this one is committed. Until then every
    service knows who is out by their memberships, and not yet whom they hired."""
    union_id = changed[0].union_id
    for member_id in await placed_among(unit, union_id, [one.member_id for one in changed]):
        await unit.set_timer(FOLLOW_IN_BUSINESSES, f"{union_id}:{member_id}", unit.now)


async def follow_now(settings: IdentitySettings, unit: UnitOfWork, timer: Timer) -> None:
    """The membership as it is by now."""
    union_id, member_id = (UUID(part) for part in timer.key.split(":"))
    await unions.share_union(unit, str(union_id))
    membership = (await hold_members(unit, union_id, {member_id}))[member_id]
    if membership is not None:
        await record_shrunk(unit, await follow_in_businesses(unit, settings, membership, member_id))
