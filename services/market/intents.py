"""Which intent makes which call to the ledger, and which use case takes its answer."""

from uuid import UUID

from chassis.escrow_calls import Transfer, open_escrow, post_transfer, refusal_of
from chassis.intents import Answer, Intent, Intents
from chassis.peers import Peers
from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import resource
from services.market.domain.escrow import escrow_account_id
from services.market.settings import MarketSettings
from services.market.use_cases.answer_funding import answer_funding
from services.market.use_cases.answer_settlement import answer_settlement
from services.market.use_cases.record_transfer import FUND, PAY, REFUND


def market_intents(settings: MarketSettings) -> Intents:
    intents = Intents()

    async def on_funding_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        await answer_funding(unit, *_subject(intent), refusal_of(answer))

    async def on_settlement_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        retry_seconds = settings.settlement_retry_seconds
        await answer_settlement(unit, *_subject(intent), refusal_of(answer), retry_seconds)

    intents.add(FUND, fund, on_funding_answer)
    intents.add(PAY, pay, on_settlement_answer)
    intents.add(REFUND, refund, on_settlement_answer)
    return intents


async def fund(intent: Intent, peers: Peers) -> Answer:
    """Open the agreement's escrow, then move the price into it by the employer's forwarded act."""
    union_id, agreement_id = _subject(intent)
    payload, account_id = intent.payload, escrow_account_id(union_id, agreement_id)
    refused = await open_escrow(
        intent,
        peers,
        union_id=union_id,
        account_id=account_id,
        asset=payload["asset"],
        resource=resource(agreement_id),
        payees=[f"members/{payload['worker_id']}"],
        exit_to=f"members/{payload['employer_id']}",
    )
    if refused is not None:
        return refused
    transfer = Transfer(
        debit_account=f"members/{payload['employer_id']}",
        credit_account=str(account_id),
        asset=payload["asset"],
        minor=payload["minor"],
        code="escrow_fund",
        act=payload["act"],
    )
    return await post_transfer(intent, peers, union_id, transfer)


async def pay(intent: Intent, peers: Peers) -> Answer:
    """Pay the escrow to the worker."""
    return await _empty(intent, peers, f"members/{intent.payload['worker_id']}", "escrow_pay")


async def refund(intent: Intent, peers: Peers) -> Answer:
    """Return the escrow to the employer."""
    return await _empty(intent, peers, f"members/{intent.payload['employer_id']}", "escrow_refund")


async def _empty(intent: Intent, peers: Peers, to: str, code: str) -> Answer:
    union_id, agreement_id = _subject(intent)
    transfer = Transfer(
        debit_account=str(escrow_account_id(union_id, agreement_id)),
        credit_account=to,
        asset=intent.payload["asset"],
        minor=intent.payload["minor"],
        code=code,
        closing_debit=intent.payload.get("closing", False),
    )
    return await post_transfer(intent, peers, union_id, transfer)


def _subject(intent: Intent) -> tuple[UUID, UUID]:
    return UUID(intent.payload["union_id"]), UUID(intent.payload["agreement_id"])
