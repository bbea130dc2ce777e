"""Allot an amount: gathered and split under the journal's lock, posted as one chain, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import referred_account
from services.ledger.domain.allotments import Allotment, Destination, Part, Source, allot, gather
from services.ledger.domain.errors import AllotmentExistsDifferently
from services.ledger.domain.posting import DONE
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code, Principal
from services.ledger.domain.transfers import NO_FLAG, Flag, Particulars, PostedBefore, TransferRequest
from services.ledger.store.accounts import load_accounts, without_due_holds
from services.ledger.store.allotments import KeptAllotment, find_allotment, keep_allotment
from services.ledger.store.mandates import named_mandates
from services.ledger.store.postings import ActOfTransfer, earlier_answers
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A source as it was sent: `account` is a reference."""

    account: str
    max_minor: int | None
    mandate_id: UUID | None


@dataclass(frozen=True, slots=True)
class AllotmentDraft:
    """An allotment as it was sent. `code`: of what is not taken by a mandate. `destinations`: references,
    with their shares."""

    id: UUID
    asset: str
    amount_minor: int
    code: str
    memo: str | None
    sources: Sequence[SourceDraft]
    destinations: Sequence[tuple[str, int]]

    def terms(self) -> str:
        """Canonical JSON of all but the memo, which may be erased."""
        told = {
            "asset": self.asset,
            "minor": str(self.amount_minor),
            "code": self.code,
            "sources": [
                {
                    "account": source.account,
                    "max_minor": None if source.max_minor is None else str(source.max_minor),
                    "mandate_id": source.mandate_id,
                }
                for source in self.sources
            ],
            "destinations": [{"account": account, "shares": shares} for account, shares in self.destinations],
        }
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


@dataclass(frozen=True, slots=True)
class AllottedPart:
    """A transfer of it that was posted."""

    transfer_id: UUID
    debit_account: UUID
    credit_account: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Allotted:
    """`first_result`: what it was refused with, when it is asked for again."""

    result: Result
    parts: Sequence[AllottedPart] = ()
    first_result: Result | None = None


async def allot_amount(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    draft: AllotmentDraft,
    own_act: ActOfTransfer | None,
) -> Allotted:
    """What came of it, now or before; a refusal burns its id, too.

    Raises BadAccountReference, AllotmentExistsDifferently.
    """
    allotment = Allotment(
        draft.id,
        draft.amount_minor,
        [
            Source(referred_account(union.id, source.account), source.max_minor, source.mandate_id)
            for source in draft.sources
        ],
        [Destination(referred_account(union.id, account), shares) for account, shares in draft.destinations],
    )
    head = await lock_books(unit, union)
    raw = await unit.raw()
    before = await find_allotment(raw, union.id, principal.id, draft.id)
    if before is not None:
        return await _again(unit, union, principal, draft, allotment, before)
    parts = allot(allotment, await _there(unit, union, principal, draft, allotment))
    result = Result.INSUFFICIENT_FUNDS if draft.amount_minor else Result.AMOUNT_ZERO
    if parts:
        batch = _batch(draft, parts)
        answers = (await post_entry(unit, union, head, principal, batch, own_act)).answers
        refused = [answer.result for answer in answers if answer.result not in DONE]
        chosen = [result for result in refused if result is not Result.LINKED_TRANSFER_FAILED]
        result = chosen[0] if chosen else Result.POSTED
    posted = parts if parts and result is Result.POSTED else ()
    kept = KeptAllotment(draft.terms(), result, len(posted))
    await keep_allotment(raw, union.id, principal.id, draft.id, kept, own_act, unit.now)
    unit.record_act(
        "allot",
        f"allotments/{draft.id}",
        {"result": result, "parts_count": len(posted), "amount_minor": str(draft.amount_minor)},
        union_id=union.id,
        charter_version=union.charter_version,
    )
    return Allotted(result, [_told(part) for part in posted])


async def _again(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    draft: AllotmentDraft,
    allotment: Allotment,
    before: KeptAllotment,
) -> Allotted:
    if before.terms != draft.terms():
        raise AllotmentExistsDifferently(draft.id)
    if before.result is not Result.POSTED:
        return Allotted(Result.ID_ALREADY_FAILED, first_result=before.result)
    ids = allotment.part_ids[: before.parts_count]
    posted = await earlier_answers(await unit.raw(), union.id, principal.id, ids)
    parts = [
        AllottedPart(name, one.debit_account, one.credit_account, one.amount_minor)
        for name in ids
        if isinstance(one := posted[name], PostedBefore)
    ]
    return Allotted(Result.EXISTS, parts)


async def _there(
    unit: UnitOfWork, union: UnionView, principal: Principal, draft: AllotmentDraft, allotment: Allotment
) -> list[int]:
    """What each source may give: of the asker's own what is there, of a mandate what it leaves.

    Of others nothing is looked at: the rules refuse them, and no answer tells what they have.
    """
    raw = await unit.raw()
    named = {source.account for source in allotment.sources}
    accounts = await without_due_holds(raw, union.id, await load_accounts(raw, union.id, named), unit.now)
    keys = [(source.account, source.mandate_id) for source in allotment.sources if source.mandate_id]
    mandates = await named_mandates(raw, union.id, keys)
    payees = await load_accounts(raw, union.id, {one.payee_account for one in mandates.values()})
    given: dict[UUID, int] = {}
    there: list[int] = []
    for source in allotment.sources:
        most = draft.amount_minor if source.max_minor is None else source.max_minor
        account = accounts.get(source.account)
        mandate = mandates.get((source.account, source.mandate_id)) if source.mandate_id else None
        is_theirs = mandate is not None and payees[mandate.payee_account].owner_id == principal.id
        if mandate is not None and is_theirs:
            most = min(most, mandate.left_at(unit.now) - given.get(mandate.id, 0))
        if account is not None and (is_theirs or principal.id in (account.owner_id, account.opened_by)):
            available = account.balance_minor - account.pending.reserved_minor
            most = min(most, available - given.get(account.id, 0))
        there.append(max(most, 0))
        moved = gather(draft.amount_minor, there)[-1]
        for used in (source.account, source.mandate_id):
            if used is not None:
                given[used] = given.get(used, 0) + moved
    return there


def _batch(draft: AllotmentDraft, parts: Sequence[Part]) -> list[TransferRequest]:
    return [
        TransferRequest(
            id=part.id,
            debit_account=part.source.account,
            credit_account=part.credit_account,
            asset=draft.asset,
            amount_minor=part.amount_minor,
            code=draft.code if part.source.mandate_id is None else Code.MANDATE_PAY.word,
            memo=draft.memo,
            flags=NO_FLAG if part is parts[-1] else Flag.LINKED,
            particulars=None
            if part.source.mandate_id is None
            else Particulars(mandate_id=part.source.mandate_id),
        )
        for part in parts
    ]


def _told(part: Part) -> AllottedPart:
    return AllottedPart(part.id, part.source.account, part.credit_account, part.amount_minor)
