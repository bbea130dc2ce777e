"""Who comes back to new rules: their rights rest until they accept what they could not accept meanwhile."""

from dataclasses import replace
from datetime import timedelta

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import BySilence
from services.identity.domain.membership import Membership, MembershipState
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.store.acceptances import most_pressing


async def under_present_rules(unit: UnitOfWork, gather: timedelta, back: Membership) -> Membership:
    """`back`: the membership as it would be under the rules that they know, not yet saved."""
    if back.state is not MembershipState.ACTIVE:
        return back
    asking = await most_pressing(unit, back.union_id, back.charter_version)
    if asking is None or unit.now < asking.grace_ends_at or asking.by_silence is BySilence.ACCEPTS:
        return back
    await tell_member(
        unit,
        gather,
        union_id=back.union_id,
        member_id=back.member_id,
        kind="charter.rights_rest",
        subject="charter",
        subject_id=back.union_id,
    )
    return replace(back, state=MembershipState.SUSPENDED, silent_since=unit.now)
