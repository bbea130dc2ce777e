"""`may`: whether a member has a right by now, in their union or in a business: by the projections and the log
of what ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.rights.business_projection import BUSINESS_GRANTS, businesses_of
from chassis.rights.grants import FOUNDERS_GROUND, BusinessRight, Grant, Ground, Right, living_grounds
from chassis.rights.held import HeldGrants, Holder
from chassis.rights.projection import OFFICE_GRANTS

if TYPE_CHECKING:
    from chassis.membership import Membership
    from chassis.peers import Peers
    from chassis.revocations.view import RevocationView
    from chassis.unit_of_work import UnitOfWork


class Rights:
    """In unions, by offices. One for each process of a service that keeps the projection.

    `remembered_seconds`: a new right is known this late at most; an ended one goes at once, by the log.
    """

    def __init__(self, view: RevocationView, peers: Peers, remembered_seconds: float) -> None:
        self._held = HeldGrants(view, peers, OFFICE_GRANTS, remembered_seconds)

    async def may(
        self, unit: UnitOfWork, member: Membership, right: Right, amount_minor: int | None = None
    ) -> bool:
        """Whether the member has the right in their union; `amount_minor`: of a payment by itself."""
        return bool(await self.grounds(unit, member, right, amount_minor))

    async def ground(self, unit: UnitOfWork, member: Membership, right: Right) -> Ground | None:
        """Why they may, or None: the first of their grounds."""
        return next(iter(await self.grounds(unit, member, right)), None)

    async def grounds(
        self, unit: UnitOfWork, member: Membership, right: Right, amount_minor: int | None = None
    ) -> tuple[Ground, ...]:
        """All that let them. Who holds the founder's office always has one; who is no active member none."""
        if not member.is_active:
            return ()
        if member.is_head:
            return (FOUNDERS_GROUND,)
        return living_grounds(await self.grants(unit, member), right, unit.now, amount_minor)

    async def grants(self, unit: UnitOfWork, member: Membership) -> tuple[Grant, ...]:
        """What the member holds by offices, as far as it has not ended. Raises PeerUnavailable for an act."""
        union_id = member.union.id
        return await self._held.of(unit, Holder(union_id, union_id, member.member_id))


class BusinessRights:
    """In businesses of a union: no office of the union gives any, its founder's neither.

    One for each process of a service that keeps the projection; `remembered_seconds` as of `Rights`.
    """

    def __init__(self, view: RevocationView, peers: Peers, remembered_seconds: float) -> None:
        self._held = HeldGrants(view, peers, BUSINESS_GRANTS, remembered_seconds)

    async def grounds(
        self,
        unit: UnitOfWork,
        member: Membership,
        business_id: UUID,
        right: BusinessRight,
    ) -> tuple[Ground, ...]:
        """All that let them. Who is no active member of the union has none. A ground of `spend` without
        charges has no limit. Raises PeerUnavailable for an act."""
        if not member.is_active:
            return ()
        grants = await self._held.of(unit, Holder(member.union.id, business_id, member.member_id))
        return living_grounds(grants, right, unit.now)

    async def page(
        self, unit: UnitOfWork, member: Membership, after: UUID, limit: int
    ) -> Sequence[tuple[UUID, frozenset[BusinessRight]]]:
        """In which businesses the active member was told to hold something, by id, and what of it lasts: by
        one statement, for a read."""
        union_id, member_id = member.union.id, member.member_id
        told = await businesses_of(await unit.raw(), union_id, member_id, after, limit)
        return [
            (business_id, self._lasting(unit, Holder(union_id, business_id, member_id), version, grants))
            for business_id, version, grants in told
        ]

    def _lasting(
        self, unit: UnitOfWork, holder: Holder, version: int, grants: tuple[Grant, ...]
    ) -> frozenset[BusinessRight]:
        lasting = self._held.lasting(holder, version, grants)
        return frozenset(right for right in BusinessRight if living_grounds(lasting, right, unit.now))

    async def may_any(
        self, unit: UnitOfWork, member: Membership, business_id: UUID, *rights: BusinessRight
    ) -> bool:
        """Whether they have one of these."""
        for right in rights:
            if await self.grounds(unit, member, business_id, right):
                return True
        return False
