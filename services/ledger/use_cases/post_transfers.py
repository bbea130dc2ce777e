"""Post a batch of transfers: one transaction, one result each, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.auth.stored_acts import store_act
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import referred_account
from services.ledger.domain.errors import BatchTooLarge
from services.ledger.domain.posting import Posted
from services.ledger.domain.rights import Principal
from services.ledger.domain.transfers import NO_FLAG, Answer, Flag, InvalidAct, TransferRequest
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry
from services.ledger.use_cases.verify_debit_act import VerifiedAct


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """A transfer as it was sent: its accounts are references, its act is verified."""

    id: UUID
    debit_account: str
    credit_account: str
    asset: str
    amount_minor: int
    code: str
    memo: str | None = None
    act: VerifiedAct | InvalidAct | None = None
    flags: Flag = NO_FLAG


async def post_transfers(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    drafts: Sequence[TransferDraft],
    transfers_max: int,
    own_act: ActOfTransfer | None = None,
) -> Sequence[Answer]:
    """The answers, in order. `own_act`: of a member who debits their own account.

    Raises BatchTooLarge and BadAccountReference, before any id is burnt.
    """
    if len(drafts) > transfers_max:
        raise BatchTooLarge(len(drafts), transfers_max)
    named = {name for draft in drafts for name in (draft.debit_account, draft.credit_account)}
    accounts = {name: referred_account(union.id, name) for name in named}
    batch = [_request(accounts, draft) for draft in drafts]
    head = await lock_books(unit, union)
    posted = await post_entry(unit, union.id, head, principal, batch, own_act)
    await _store_spent_acts(unit, drafts, posted)
    unit.record_act(
        "post transfers",
        f"accounts/{batch[0].debit_account}" if batch else "transfers",
        _told(drafts, posted),
        union_id=union.id,
        charter_version=union.charter_version,
    )
    return posted.answers


def _request(accounts: Mapping[str, UUID], draft: TransferDraft) -> TransferRequest:
    act = draft.act
    return TransferRequest(
        id=draft.id,
        debit_account=accounts[draft.debit_account],
        credit_account=accounts[draft.credit_account],
        asset=draft.asset,
        amount_minor=draft.amount_minor,
        code=draft.code,
        act=act.debit if isinstance(act, VerifiedAct) else act,
        memo=draft.memo,
        flags=draft.flags,
    )


async def _store_spent_acts(unit: UnitOfWork, drafts: Sequence[TransferDraft], posted: Posted) -> None:
    """Keep the forwarded acts that were answered: they allow nothing more."""
    raw = await unit.raw()
    for draft in drafts:
        act = draft.act
        if isinstance(act, VerifiedAct):
            key = (act.debit.device_key_id, act.debit.nonce)
            if posted.spent_acts.get(key) == draft.id:
                await store_act(raw, act.debit.member_id, act.act, unit.now)


def _told(drafts: Sequence[TransferDraft], posted: Posted) -> Mapping[str, object]:
    told: dict[str, object] = {
        "posted_count": len(posted.postings),
        "refused": [{"id": refusal.id, "result": refusal.result} for refusal in posted.refusals[:100]],
    }
    invalid = [draft.act.reason for draft in drafts[:100] if isinstance(draft.act, InvalidAct)]
    return told | {"invalid_acts": invalid} if invalid else told
