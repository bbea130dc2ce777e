"""What the ledger does on others' events: opens books and accounts of businesses, welcomes members, ends the
mandates and schedules of those who leave, unlocks joining grants, issues and burns what a decision says."""

from collections.abc import Sequence
from uuid import UUID

from chassis.consumers import Consumers
from chassis.erasure import consume_erasures
from chassis.membership import find_union, keep_membership, keep_union
from chassis.peers import Peers
from chassis.rights.business_projection import keep_business, project_business_rights, state_of_business
from chassis.rights.projection import project_rights
from chassis.unit_of_work import UnitOfWork
from events.assembly import DecisionPassed
from events.identity import BusinessState, MembershipState, UnionState
from events.market import AgreementPaid
from services.ledger.domain.supply import EFFECT_CODES, DecidedEffect
from services.ledger.use_cases.carry_out_decision import carry_out_decision
from services.ledger.use_cases.open_books import known_union, lock_books
from services.ledger.use_cases.open_business_account import open_business_account
from services.ledger.use_cases.revoke_mandate import revoke_mandates_of
from services.ledger.use_cases.stop_schedule import stop_schedules_of
from services.ledger.use_cases.unlock_joining_grants import unlock_joining_grants
from services.ledger.use_cases.welcome_members import ACTIVE, welcome_members


def ledger_consumers(peers: Peers, grants_at_once_max: int) -> Consumers:
    """The ledger's group. A member or an agreement may come before its union: then identity is asked."""
    consumers = Consumers("ledger")

    @consumers.on(UnionState)
    async def on_union(unit: UnitOfWork, event: UnionState) -> None:
        await keep_union(await unit.raw(), event)
        union = await find_union(unit, str(event.union_id))
        assert union is not None
        await lock_books(unit, union)

    @consumers.on_many(MembershipState)
    async def on_memberships(unit: UnitOfWork, events: Sequence[MembershipState]) -> None:
        raw = await unit.raw()
        by_union: dict[UUID, list[MembershipState]] = {}
        for event in events:
            await keep_membership(raw, event)
            by_union.setdefault(event.union_id, []).append(event)
        for union_id in sorted(by_union):
            union = await known_union(unit, peers, union_id)
            await welcome_members(unit, union, by_union[union_id], grants_at_once_max)
            gone = [event.member_id for event in by_union[union_id] if event.state != ACTIVE]
            if gone:
                await revoke_mandates_of(unit, union, gone)
                await stop_schedules_of(unit, union, gone)

    @consumers.on(BusinessState)
    async def on_business(unit: UnitOfWork, event: BusinessState) -> None:
        raw = await unit.raw()
        await keep_business(raw, event)
        state = await state_of_business(raw, event.union_id, event.business_id)
        assert state is not None
        union = await known_union(unit, peers, event.union_id)
        await open_business_account(unit, union, event.business_id, state)

    project_rights(consumers)
    project_business_rights(consumers)
    consume_erasures(consumers)

    @consumers.on(AgreementPaid)
    async def on_agreement_paid(unit: UnitOfWork, event: AgreementPaid) -> None:
        union = await known_union(unit, peers, event.union_id)
        parties = [event.employer_id, event.worker_id]
        await unlock_joining_grants(unit, union, parties, event.paid_at)

    @consumers.on(DecisionPassed)
    async def on_decision(unit: UnitOfWork, event: DecisionPassed) -> None:
        if event.effect not in EFFECT_CODES:
            return  # another service's
        effect = DecidedEffect(event.decision_id, event.effect, event.asset, event.minor, event.passed_at)
        await carry_out_decision(unit, await known_union(unit, peers, event.union_id), effect)

    return consumers
