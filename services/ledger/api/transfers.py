"""Transfers: posted in batches, cancelled by those who would have asked for them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, PrivateAttr, model_validator

from chassis.auth.dependencies import keep_act
from chassis.auth.problems import SERVICES_ONLY, act_problem
from chassis.membership import UnionOfPath
from chassis.money import AssetSymbol, Minor
from chassis.problems import Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.signatures import ActReplayed, ForwardedAct
from services.ledger.api.dependencies import Settings, TransferAsker, act_checks, settings_of
from services.ledger.api.fields import AccountReference, CodeWord, Memo
from services.ledger.api.payment_columns import payment_columns
from services.ledger.domain.payment_arrays import PaymentArray, PaymentColumns
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code
from services.ledger.domain.transfers import NO_FLAG, Flag, InvalidAct, Particulars
from services.ledger.use_cases.cancel_transfers import cancel_transfers
from services.ledger.use_cases.post_transfers import (
    Answers,
    PostingLimits,
    TransferDraft,
    member_order,
    post_order,
    post_transfers,
)
from services.ledger.use_cases.verify_debit_act import DebitActs, VerifiedAct

if TYPE_CHECKING:
    from chassis.service import Chassis
    from chassis.unit_of_work import UnitOfWork

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class TransferBody(BaseModel):
    """One transfer. `id` is chosen by the asker, unique among their own in the union, never free again."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    debit_account: AccountReference
    credit_account: AccountReference
    asset: AssetSymbol
    minor: Minor
    code: CodeWord
    memo: Memo | None = None
    linked: Annotated[
        bool, Field(description="It and the next one of the batch succeed or fail together.")
    ] = False
    balancing_debit: Annotated[
        bool, Field(description="Move as much as the debit account has, up to `minor`.")
    ] = False
    balancing_credit: Annotated[
        bool, Field(description="Move as much as the credit account has room for, up to `minor`.")
    ] = False
    closing_debit: Annotated[
        bool,
        Field(description="Services only: it empties their escrow, which is closed for ever by it."),
    ] = False
    timeout_seconds: Annotated[
        int | None,
        Field(
            strict=True,
            ge=0,
            le=2**31 - 1,
            description="Of a `hold`, 1 second to 7 days: so long the amount is reserved for the payee.",
        ),
    ] = None
    pending_id: Annotated[
        UUID | None, Field(description="Of `hold_post` and `hold_void`: the hold of the debit account.")
    ] = None
    mandate_id: Annotated[
        UUID | None, Field(description="Of `mandate_pay`: the mandate of the debit account.")
    ] = None
    act: Annotated[
        ForwardedAct | None,
        Field(description="Services only: the debited member's signed act, whole, with its debit block."),
    ] = None

    def flags(self) -> Flag:
        flags = NO_FLAG
        if self.linked:
            flags |= Flag.LINKED
        if self.balancing_debit:
            flags |= Flag.BALANCING_DEBIT
        if self.balancing_credit:
            flags |= Flag.BALANCING_CREDIT
        if self.closing_debit:
            flags |= Flag.CLOSING_DEBIT
        return flags

    def particulars(self) -> Particulars | None:
        if self.timeout_seconds is None and self.pending_id is None and self.mandate_id is None:
            return None
        return Particulars(self.timeout_seconds, self.pending_id, self.mandate_id)

    def draft(self, act: VerifiedAct | InvalidAct | None = None) -> TransferDraft:
        return TransferDraft(
            self.id,
            self.debit_account,
            self.credit_account,
            self.asset,
            int(self.minor),
            self.code,
            self.memo,
            act,
            self.flags(),
            self.particulars(),
        )


class TransfersBody(BaseModel):
    """A batch: at most 8,190 transfers, each with its own result, in one transaction."""

    model_config = ConfigDict(extra="forbid")

    transfers: Annotated[list[TransferBody], Field(min_length=1)]
    _columns: PaymentColumns | None = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def read(cls, content: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Many plain payments as columns, with no transfers then."""
        columns = payment_columns(content)
        if columns is None:
            return handler(content)
        body = cls.model_construct(transfers=[])
        body._columns = columns
        return body

    def each(self) -> Sequence[TransferBody]:
        """The transfers, those of columns too."""
        columns = self._columns
        if columns is None:
            return self.transfers
        return [
            TransferBody.model_construct(
                id=UUID(transfer_id),
                debit_account=columns.debit_account,
                credit_account=columns.payees[place],
                asset=columns.asset,
                minor=str(amount_minor),
                code=Code.PAY.word,
                memo=memo,
                linked=is_linked,
            )
            for transfer_id, place, amount_minor, memo, is_linked in columns.each()
        ]

    def drafts(self, transfers_max: int) -> Sequence[TransferDraft] | PaymentColumns:
        """What a member asks for; of more transfers than there may be, one more. Problem 403 for an act."""
        if self._columns is not None:
            return self._columns
        if any(transfer.act is not None for transfer in self.transfers):
            raise Problem(SERVICES_ONLY)
        return [transfer.draft() for transfer in self.transfers[: transfers_max + 1]]


class ResultView(BaseModel):
    """The answer to one id; `first_result` says what burnt it when it had failed before."""

    id: UUID
    result: Result
    first_result: Result | None = None
    minor: Minor | None = Field(None, description="What a posted transfer moved, now or before.")


class ResultsView(BaseModel):
    """One result each, in the order of the request."""

    results: list[ResultView]


def results(answers: Answers) -> Response:
    """A ResultsView, written at once: thousands of models would cost more than their posting."""
    if isinstance(answers, PaymentArray):
        return Response(_all_posted(answers.columns), media_type="application/json")
    shown = [
        {
            "id": answer.id,
            "result": answer.result,
            "first_result": answer.first_result,
            "minor": None if answer.moved_minor is None else str(answer.moved_minor),
        }
        for answer in answers
    ]
    return Response(orjson.dumps({"results": shown}), media_type="application/json")


def _all_posted(columns: PaymentColumns) -> str:
    """What was sent needs no escapes: ids and digits."""
    amounts_minor = columns.amounts_minor.tolist()
    shown = [
        f'{{"id":"{transfer_id}","result":"posted","first_result":null,"minor":"{amount_minor}"}}'
        for transfer_id, amount_minor in zip(columns.ids, amounts_minor, strict=True)
    ]
    return f'{{"results":[{",".join(shown)}]}}'


class CancellationsBody(BaseModel):
    """Ids to burn."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[UUID], Field(min_length=1)]


@router.post(
    "/transfers",
    response_model=ResultsView,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 429, 503),
)
async def post_transfer_batch(request: Request, asker: TransferAsker, body: TransfersBody) -> Response:
    """Post a batch. A member's request is a signed act and debits their own account alone."""
    # Looked up here: a dependency costs more than the rest of this function.
    chassis: Chassis = request.app.state.chassis
    unit: UnitOfWork = request.state.unit
    settings = await settings_of(request)
    union = asker.union
    limits = PostingLimits(settings.batch_transfers_max, settings.holds_per_account_max)
    own_act = asker.own_act
    if own_act is None:
        acts = DebitActs(unit, chassis.peers, union, act_checks(request))
        transfers = body.each()[: limits.transfers_max + 1]
        drafts = [await _verified(transfer, acts) for transfer in transfers]
        await acts.pin()
        return results(await post_transfers(unit, union, asker.principal, drafts, limits))
    order = member_order(union, asker.principal, own_act, body.drafts(limits.transfers_max), limits)
    if own_act.idempotency_key is not None:
        # The answer is kept under its key, in the transaction of what it tells.
        await keep_act(unit, asker.principal.id, own_act)
        return results(await post_order(unit, order))
    outcome = await request.app.state.lanes.post(chassis, order, unit.actor)
    if isinstance(outcome, ActReplayed):
        raise act_problem(outcome)
    unit.published += outcome.published
    return results(outcome.answers)


async def _verified(transfer: TransferBody, acts: DebitActs) -> TransferDraft:
    return transfer.draft(None if transfer.act is None else await acts.verify(transfer.act))


@router.post(
    "/transfer-cancellations",
    response_model=ResultsView,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def post_transfer_cancellations(
    unit: Unit, union: UnionOfPath, asker: TransferAsker, settings: Settings, body: CancellationsBody
) -> Response:
    """Give transfers up: a free id is burnt as `cancelled`; one that was answered keeps its answer.

    A member's request is a signed act, and burns ids of their own.
    """
    if asker.own_act is not None:
        await keep_act(unit, asker.principal.id, asker.own_act)
    ids_max = settings.cancellations_max
    return results(await cancel_transfers(unit, union, asker.principal, body.ids, ids_max))
