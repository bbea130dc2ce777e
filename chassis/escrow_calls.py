"""How a service that holds escrows asks the ledger: open one, post a transfer, give a transfer's id up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.intents import Answer, Intent, Outcome
from chassis.peers import PeerAnswer, Peers, PeerUnavailable

LEDGER = "ledger"
POSTED = frozenset({"posted", "exists"})


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as the ledger reads it; accounts are ids or references such as members/<member id>."""

    debit_account: str
    credit_account: str
    asset: str
    minor: str
    code: str
    act: Mapping[str, Any] | None = None
    closing_debit: bool = False
    """It empties the escrow that it debits, which is closed for ever by it."""


async def open_escrow(
    intent: Intent,
    peers: Peers,
    *,
    union_id: UUID,
    account_id: UUID,
    asset: str,
    resource: str,
    payees: Sequence[str],
    exit_to: str,
) -> Answer | None:
    """None once the escrow is open; else the refusal, after which nothing can be posted for the intent."""
    body = {
        "kind": "escrow",
        "asset": asset,
        "resource": resource,
        "payees": payees,
        "exit_to": exit_to,
    }
    path = f"/v1/unions/{union_id}/accounts/{account_id}"
    answer = await peers.call(LEDGER, "PUT", path, body, intent_id=intent.id)
    return None if answer.ok else await give_up(intent, peers, union_id, answer)


async def post_transfer(intent: Intent, peers: Peers, union_id: UUID, transfer: Transfer) -> Answer:
    """Post the intent's one transfer; its id is the intent's."""
    body: dict[str, Any] = {
        "id": intent.id,
        "debit_account": transfer.debit_account,
        "credit_account": transfer.credit_account,
        "asset": transfer.asset,
        "minor": transfer.minor,
        "code": transfer.code,
    }
    if transfer.act is not None:
        body["act"] = transfer.act
    if transfer.closing_debit:
        body["closing_debit"] = True
    path = f"/v1/unions/{union_id}/transfers"
    answer = await peers.call(LEDGER, "POST", path, {"transfers": [body]}, intent_id=intent.id)
    if not answer.ok:
        return await give_up(intent, peers, union_id, answer)
    return answer_of(answer.body["results"][0])


async def give_up(intent: Intent, peers: Peers, union_id: UUID, refused: PeerAnswer) -> Answer:
    """Burn the id of a transfer whose request was refused, so that a late duplicate cannot post it.

    Raises PeerUnavailable while the ledger cannot say: it may not know the union yet.
    """
    path = f"/v1/unions/{union_id}/transfer-cancellations"
    answer = await peers.call(LEDGER, "POST", path, {"ids": [intent.id]}, intent_id=intent.id)
    if not answer.ok:
        raise PeerUnavailable(LEDGER, f"status {refused.status}, then {answer.status} on giving up")
    burnt = answer_of(answer.body["results"][0])
    if burnt.outcome is Outcome.DONE:
        return burnt
    return Answer(Outcome.REFUSED, problem_code(refused), {"status": refused.status})


def answer_of(result: Mapping[str, Any]) -> Answer:
    """The definite answer that a result is; a repeated id stands for what burnt it."""
    code = str(result["result"])
    if code in POSTED:
        return Answer(Outcome.DONE, code)
    return Answer(Outcome.REFUSED, str(result.get("first_result") or code))


def problem_code(refused: PeerAnswer) -> str:
    """The last part of a problem's type, as a refusal's code."""
    body: Any = refused.body
    kind = str(body.get("type", "")) if isinstance(body, dict) else ""
    return kind.rsplit("/", 1)[-1].replace("-", "_") or f"status_{refused.status}"


def refusal_of(answer: Answer) -> str | None:
    """The ledger's code, None when the money moved."""
    return None if answer.outcome is Outcome.DONE else answer.code
