"""Which intent makes which call to the ledger, and which use case takes its answer."""

from uuid import UUID

from chassis.escrow_calls import Transfer, open_escrow, post_transfer, refusal_of
from chassis.intents import Answer, Intent, Intents
from chassis.peers import Peers
from chassis.unit_of_work import UnitOfWork
from services.funding.domain.escrow import escrow_account_id
from services.funding.domain.projects import resource
from services.funding.ledger_calls import put_run_chunk, refused_lines
from services.funding.settings import FundingSettings
from services.funding.use_cases.answer_pledge import answer_pledge
from services.funding.use_cases.answer_settlement import answer_payout, answer_refund_chunk
from services.funding.use_cases.answer_withdrawal import answer_withdrawal
from services.funding.use_cases.make_pledge import HOLD
from services.funding.use_cases.read_refused_lines import READ_REFUSED_LINES, answer_refused_lines
from services.funding.use_cases.record_settlement import PAY_OUT, REFUND, REFUND_CODE
from services.funding.use_cases.withdraw_pledge import WITHDRAW

CONTRIBUTORS = "contributors"
"""The exit of an escrow whose refunds go back to who paid in, at most what they did."""


def funding_intents(settings: FundingSettings) -> Intents:
    intents = Intents()
    retry_seconds = settings.settlement_retry_seconds

    async def on_pledge_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        await answer_pledge(unit, _id(intent, "union_id"), _id(intent, "pledge_id"), refusal_of(answer))

    async def on_withdrawal_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        await answer_withdrawal(unit, _id(intent, "union_id"), _id(intent, "pledge_id"), refusal_of(answer))

    async def on_payout_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        subject = _id(intent, "union_id"), _id(intent, "project_id")
        await answer_payout(unit, *subject, refusal_of(answer), retry_seconds)

    async def on_refund_answer(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        subject = _id(intent, "union_id"), _id(intent, "run_id")
        await answer_refund_chunk(unit, *subject, refusal_of(answer), retry_seconds)

    async def on_refused_lines(unit: UnitOfWork, intent: Intent, answer: Answer) -> None:
        subject = _id(intent, "union_id"), _id(intent, "run_id")
        await answer_refused_lines(unit, *subject, answer.body["indexes"], retry_seconds)

    intents.add(HOLD, hold, on_pledge_answer)
    intents.add(WITHDRAW, withdraw, on_withdrawal_answer)
    intents.add(PAY_OUT, pay_out, on_payout_answer)
    intents.add(REFUND, put_run_chunk, on_refund_answer)
    intents.add(READ_REFUSED_LINES, refused_lines, on_refused_lines)
    return intents


async def hold(intent: Intent, peers: Peers) -> Answer:
    """Move the pledge into the project's escrow by the backer's forwarded act; the first opens the escrow."""
    payload, union_id = intent.payload, _id(intent, "union_id")
    account_id = escrow_account_id(union_id, _id(intent, "project_id"))
    if payload["open_escrow"]:
        refused = await open_escrow(
            intent,
            peers,
            union_id=union_id,
            account_id=account_id,
            asset=payload["asset"],
            resource=resource(_id(intent, "project_id")),
            payees=[f"members/{payload['owner_id']}"],
            exit_to=CONTRIBUTORS,
        )
        if refused is not None:
            return refused
    transfer = Transfer(
        debit_account=f"members/{payload['backer_id']}",
        credit_account=str(account_id),
        asset=payload["asset"],
        minor=payload["minor"],
        code="pledge",
        act=payload["act"],
    )
    return await post_transfer(intent, peers, union_id, transfer)


async def withdraw(intent: Intent, peers: Peers) -> Answer:
    """Return a pledge to its backer."""
    return await _out_of_escrow(intent, peers, f"members/{intent.payload['backer_id']}", REFUND_CODE)


async def pay_out(intent: Intent, peers: Peers) -> Answer:
    """Pay the whole escrow to the project's owner."""
    return await _out_of_escrow(intent, peers, f"members/{intent.payload['owner_id']}", "project_payout")


async def _out_of_escrow(intent: Intent, peers: Peers, to: str, code: str) -> Answer:
    union_id = _id(intent, "union_id")
    transfer = Transfer(
        debit_account=str(escrow_account_id(union_id, _id(intent, "project_id"))),
        credit_account=to,
        asset=intent.payload["asset"],
        minor=intent.payload["minor"],
        code=code,
    )
    return await post_transfer(intent, peers, union_id, transfer)


def _id(intent: Intent, name: str) -> UUID:
    return UUID(intent.payload[name])
