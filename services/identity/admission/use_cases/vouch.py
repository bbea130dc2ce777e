"""Vouch for somebody who wants to join; take it back; see who vouched for whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import VouchLimit, VouchNotFound, VouchRefused
from services.identity.admission.store import vouches
from services.identity.admission.store.vouches import ShownVouch, VouchReader
from services.identity.admission.use_cases.review_application import begin_if_admitted
from services.identity.domain.admission_rule import parse_rule, ways_of
from services.identity.domain.charter import CharterParameters
from services.identity.domain.errors import MemberNotFound, NotAMember
from services.identity.domain.membership import Membership, MembershipState
from services.identity.domain.profile import Profile
from services.identity.domain.union import NetworkUnion
from services.identity.domain.visibility import may_see_members
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import charters, members, memberships, unions
from services.identity.use_cases.find_union import Find, union_of

RIGHT = "vouch"


async def vouch(
    unit: UnitOfWork, settings: IdentitySettings, voucher_id: UUID, union: str, member: str
) -> bool:
    """Whether a membership began by it. A repeat changes nothing.

    Raises UnionNotFound, UnionDissolved, NotAMember, MemberNotFound, VouchRefused, VouchLimit.
    """
    found, vouched = await _named(unit, union, member, unions.share_union)
    found.require_active()
    # The lock lets two vouches at once count each other.
    voucher = await _require_active(unit, found, voucher_id, lock=True)
    await _require_wanted(unit, found, voucher, vouched.member_id)
    since = unit.now - timedelta(seconds=settings.vouch_seconds)
    await vouches.end_vouch(unit, found.id, vouched.member_id, voucher_id, before=since)
    open_count = await vouches.open_vouches_by(unit, found.id, voucher_id, since)
    if not await vouches.add_vouch(unit, found.id, vouched.member_id, voucher_id):
        return False
    if open_count >= settings.open_vouches_per_member_max:
        raise VouchLimit(settings.open_vouches_per_member_max)
    _record(unit, found, vouched.member_id, {"vouches": True})
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=found.id,
        member_id=vouched.member_id,
        kind="vouch.given",
        subject="unions",
        subject_id=found.id,
        actor_id=voucher_id,
    )
    return await begin_if_admitted(unit, settings, found.id, vouched.member_id)


async def take_back(unit: UnitOfWork, voucher_id: UUID, union: str, member: str) -> None:
    """Until they have joined. Raises UnionNotFound, MemberNotFound, VouchNotFound."""
    found, vouched = await _named(unit, union, member)
    if not await vouches.end_vouch(unit, found.id, vouched.member_id, voucher_id):
        raise VouchNotFound
    _record(unit, found, vouched.member_id, {"vouches": False})


async def vouches_for_member(
    unit: UnitOfWork,
    reader_id: UUID,
    union: str,
    member: str,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[ShownVouch]:
    """For members and for whom it is about; one more than the limit where there are more.

    Raises UnionNotFound, MemberNotFound, NotAMember.
    """
    found, vouched = await _named(unit, union, member)
    if vouched.member_id != reader_id:
        await _require_active(unit, found, reader_id)
    reader = await _reader(unit, found, reader_id)
    return await vouches.vouches_of(unit, found.id, vouched.member_id, reader, after, limit, given=False)


async def own_vouches(
    unit: UnitOfWork, member_id: UUID, union: str, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[ShownVouch]:
    """Those that one gave. Raises UnionNotFound."""
    found = await union_of(unit, union)
    reader = await _reader(unit, found, member_id)
    return await vouches.vouches_of(unit, found.id, member_id, reader, after, limit, given=True)


async def _named(
    unit: UnitOfWork, union: str, member: str, find: Find = unions.union_named
) -> tuple[NetworkUnion, Profile]:
    found = await union_of(unit, union, find)
    vouched = await members.profile_named(unit, member)
    if vouched is None:
        raise MemberNotFound(member)
    return found, vouched


async def _require_active(
    unit: UnitOfWork, union: NetworkUnion, member_id: UUID, *, lock: bool = False
) -> Membership:
    present = await memberships.membership_of(unit, union.id, member_id, lock=lock)
    if present is None or present.state is not MembershipState.ACTIVE:
        raise NotAMember("none" if present is None else present.state.value)
    return present


async def _reader(unit: UnitOfWork, union: NetworkUnion, reader_id: UUID) -> VouchReader:
    parameters = await _parameters(unit, union)
    present = await memberships.membership_of(unit, union.id, reader_id)
    return VouchReader(reader_id, may_see_members(parameters.visibility_members, union.head_id, present))


async def _parameters(unit: UnitOfWork, union: NetworkUnion) -> CharterParameters:
    adopted = await charters.charter_version(unit, union.id, union.charter_version)
    assert adopted is not None
    return adopted.charter.parameters


async def _require_wanted(
    unit: UnitOfWork, union: NetworkUnion, voucher: Membership, vouched_id: UUID
) -> None:
    """Refuses no more than the list of members tells the voucher."""
    if vouched_id == voucher.member_id:
        raise VouchRefused("nobody vouches for themselves")
    parameters = await _parameters(unit, union)
    rule = parameters.admission
    if all(way.name != "vouching" for way in ways_of(parse_rule(rule))):
        raise VouchRefused(f"the rule of this union asks for no vouches: {rule}")
    present = await memberships.membership_of(unit, union.id, vouched_id)
    is_member = present is not None and present.state is MembershipState.ACTIVE
    if is_member and may_see_members(parameters.visibility_members, union.head_id, voucher):
        raise VouchRefused("they are a member")


def _record(unit: UnitOfWork, union: NetworkUnion, vouched_id: UUID, changed: dict[str, object]) -> None:
    unit.record_act(
        RIGHT,
        f"unions/{union.id}/vouches/{vouched_id}",
        changed,
        union_id=union.id,
        charter_version=union.charter_version,
    )
