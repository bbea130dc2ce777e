"""Revoke mandates: one by its giver, or all of one who is no member any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.membership import Membership, UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import member_account_id
from services.ledger.domain.errors import MandateNotFound
from services.ledger.domain.journal import time_after
from services.ledger.domain.mandates import MandateStanding
from services.ledger.store.accounts import load_accounts
from services.ledger.store.mandates import MandateLine, end_mandate, given_mandate, living_mandates
from services.ledger.use_cases.announce_mandate import announce_mandate
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.tell_of_account import tell_of_account


async def revoke_mandate(unit: UnitOfWork, member: Membership, mandate_id: UUID) -> MandateLine:
    """The mandate, revoked now or before. Raises MandateNotFound."""
    union = member.union
    moment = time_after(await lock_books(unit, union), unit.now)
    raw = await unit.raw()
    own_id = member_account_id(union.id, member.member_id)
    own = (await load_accounts(raw, union.id, [own_id])).get(own_id)
    line = None if own is None else await given_mandate(raw, union.id, own.number, mandate_id)
    if own is None or line is None:
        raise MandateNotFound(mandate_id)
    return await _end(unit, union, own.number, line, moment)


async def revoke_mandates_of(unit: UnitOfWork, union: UnionView, member_ids: Sequence[UUID]) -> None:
    """All that these gave: who has left is debited by nobody."""
    moment = time_after(await lock_books(unit, union), unit.now)
    raw = await unit.raw()
    own_ids = [member_account_id(union.id, member_id) for member_id in member_ids]
    for own in (await load_accounts(raw, union.id, own_ids)).values():
        for line in await living_mandates(raw, union.id, own.number, moment):
            await _end(unit, union, own.number, line, moment)


async def _end(
    unit: UnitOfWork, union: UnionView, debit_number: int, line: MandateLine, moment: datetime
) -> MandateLine:
    """`moment`: behind what was posted, before what will be."""
    version = await end_mandate(await unit.raw(), union.id, debit_number, line.mandate.id, moment)
    if version is None:
        return line
    ended = replace(line, mandate=replace(line.mandate, revoked_at=moment))
    announce_mandate(unit, union, ended, MandateStanding.REVOKED, version)
    told = (line.payee_id, line.mandate.payee_account)
    tell_of_account(unit, union.id, told, "mandate.revoked", line.payer_id)
    return ended
