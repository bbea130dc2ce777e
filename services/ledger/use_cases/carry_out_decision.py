"""Carry out what a decision wants of the supply: once, or refuse it once, and say so."""

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.ledger import LedgerEffect
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind, union_account_id
from services.ledger.domain.genesis import SUPPLY_LIMIT_MINOR
from services.ledger.domain.journal import Head
from services.ledger.domain.reasons import Reason
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.supply import (
    DecidedEffect,
    EffectRefusal,
    EffectState,
    effect_refusal,
    supply_policy,
)
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.accounts import load_accounts
from services.ledger.store.assets import supply_limit
from services.ledger.store.effects import is_settled, keep_effect
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry


async def carry_out_decision(unit: UnitOfWork, union: UnionView, effect: DecidedEffect) -> None:
    """A decision that was settled before changes nothing."""
    head = await lock_books(unit, union)
    raw = await unit.raw()
    if await is_settled(raw, union.id, effect.decision_id):
        return
    refusal = await _refusal(unit, union, effect)
    if refusal is None:
        await _post(unit, union, head, effect)
    await keep_effect(raw, union.id, effect, refusal, unit.now)
    state = EffectState.DONE if refusal is None else EffectState.REFUSED
    unit.publish(
        LedgerEffect(
            union_id=union.id,
            decision_id=effect.decision_id,
            effect=effect.effect,
            state=state.value,
            refusal=None if refusal is None else refusal.value,
            settled_at=unit.now,
        )
    )
    unit.record_act(
        f"decision: {effect.effect}",
        f"decisions/{effect.decision_id}",
        {
            "state": state.value,
            "refusal": refusal,
            "asset": effect.asset,
            "amount_minor": str(effect.amount_minor),
        },
        union_id=union.id,
        charter_version=union.charter_version,
    )


async def _refusal(unit: UnitOfWork, union: UnionView, effect: DecidedEffect) -> EffectRefusal | None:
    raw = await unit.raw()
    issuance = union_account_id(union.id, AccountKind.ISSUANCE)
    treasury = union_account_id(union.id, AccountKind.TREASURY)
    accounts = await load_accounts(raw, union.id, [issuance, treasury])
    return effect_refusal(
        effect,
        asset=union.token.symbol,
        policy=supply_policy(union.parameters),
        supply_minor=-accounts[issuance].balance_minor,
        treasury_minor=accounts[treasury].balance_minor,
        supply_max_minor=SUPPLY_LIMIT_MINOR,
        vault_minor=await supply_limit(raw, union.id),
    )


async def _post(unit: UnitOfWork, union: UnionView, head: Head, effect: DecidedEffect) -> None:
    issuance = union_account_id(union.id, AccountKind.ISSUANCE)
    treasury = union_account_id(union.id, AccountKind.TREASURY)
    debit, credit = (issuance, treasury) if effect.code is Code.ISSUE else (treasury, issuance)
    assert effect.asset is not None
    request = TransferRequest(
        id=derived_id(LEDGER_NAMESPACE, str(union.id), effect.code.word, str(effect.decision_id)),
        debit_account=debit,
        credit_account=credit,
        asset=effect.asset,
        amount_minor=effect.amount_minor,
        code=effect.code.word,
    )
    reasons = {request.id: Reason({}, effect.decision_id)}
    (answer,) = (await post_entry(unit, union, head, LEDGER, [request], reasons=reasons)).answers
    assert answer.moved_minor == effect.amount_minor, answer
