"""The journal to be verified elsewhere: entries for everybody, rows for officers, receipts for members."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from chassis.auth.dependencies import AnyCaller
from chassis.auth.keys import SigningKey
from chassis.auth.tokens import signed_token
from chassis.membership import UnionOfPath
from chassis.money import MINOR_MAX
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import visible_account
from services.ledger.api.dependencies import Auditor, Settings
from services.ledger.api.fields import AccountOfPath, SequenceOfPath, UnionName
from services.ledger.use_cases.read_journal import JournalPart, read_entries, read_receipt, read_rows

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)

LINES = "application/jsonl"
RECEIPT_TYPE = "guildhall-receipt+jwt"
First = Annotated[
    int,
    Query(
        alias="from",
        ge=1,
        le=MINOR_MAX,
        description='The first entry; `Link: rel="next"` names the file that follows.',
    ),
]


@router.get(
    "/journal.jsonl",
    response_class=Response,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}}
    | problem_responses(400, 401, 404, 422, 503),
)
async def get_journal_file(unit: Unit, union: UnionOfPath, settings: Settings, first: First = 1) -> Response:
    """The journal's entries in order, a JSON object a line, for `guildhall verify`. Open to everybody."""
    part = await read_entries(await unit.raw(), union.id, first, settings.journal_file_entries_max)
    return _file(part, f"{union.slug}-journal", f"/v1/unions/{union.slug}/journal.jsonl")


@router.get(
    "/journal/rows.jsonl",
    response_class=Response,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}}
    | problem_responses(400, 401, 403, 404, 422, 503),
)
async def get_journal_rows_file(
    unit: Unit, member: Auditor, settings: Settings, first: First = 1
) -> Response:
    """The journal with every transfer and its salt, for who may audit them.

    Of memos the commitments alone: what is written there is for the two members.
    """
    union = member.union
    part = await read_rows(
        await unit.raw(), union.id, first, settings.journal_file_entries_max, settings.journal_file_rows_max
    )
    return _file(part, f"{union.slug}-journal-rows", f"/v1/unions/{union.slug}/journal/rows.jsonl")


@router.get(
    "/accounts/{account}/statement/{sequence}/receipt",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
    | problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def get_receipt(
    request: Request,
    unit: Unit,
    caller: AnyCaller,
    union: UnionName,
    account: AccountOfPath,
    sequence: SequenceOfPath,
) -> Response:
    """One transfer of the account with its salt, its path to the root of its entry, and the entry.

    Whoever has it proves the transfer to anybody who knows the journal, and shows no other one. The ledger
    signs it with the head of the journal as of now: a JWS of the transfer's leaf, its entry and the head.
    """
    look = await visible_account(request, union, account, caller)
    receipt = await read_receipt(await unit.raw(), look.union_id, look.id, sequence)
    signing: SigningKey = request.app.state.chassis.keys.signing
    issued_at = {"iat": int(unit.now.timestamp())}
    signature = signed_token(signing, RECEIPT_TYPE, receipt.claims | issued_at)
    shown = receipt.shown | {"signature": signature}
    headers = {"Content-Disposition": f'attachment; filename="receipt-{sequence}.json"', **_PRIVATE}
    return Response(orjson.dumps(shown), media_type="application/json", headers=headers)


@router.get("/journal/keys", responses=problem_responses(401, 404, 422, 503))
async def get_journal_keys(request: Request, _: UnionOfPath) -> dict[str, list[dict[str, str]]]:
    """The public keys that receipts are signed by, as a JWK set (RFC 7517). Open to everybody."""
    signing: SigningKey = request.app.state.chassis.keys.signing
    return {"keys": [signing.jwk()]}


_PRIVATE = {"Cache-Control": "private, no-store"}


def _file(part: JournalPart, name: str, path: str) -> Response:
    headers: dict[str, str] = {"Content-Disposition": f'attachment; filename="{name}.jsonl"', **_PRIVATE}
    if part.next_number is not None:
        headers["Link"] = f'<{path}?from={part.next_number}>; rel="next"'
    return Response(_lines(part.objects), media_type=LINES, headers=headers)


def _lines(objects: list[dict[str, Any]]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in objects)
