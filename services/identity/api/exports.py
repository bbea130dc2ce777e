"""Everything of one's own as a file: signed, so that it can be shown elsewhere."""

import orjson
from fastapi import APIRouter, Request, Response

from chassis.auth.dependencies import FreshActToKeep, SignedIn, keep_act
from chassis.auth.keys import SigningKey
from chassis.auth.tokens import signed_token
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.domain.errors import ExportUnderKey
from services.identity.use_cases.export_own import FORM, export_own
from services.identity.use_cases.gather_exports import gather_exports

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])

LINES = "application/jsonl"
EXPORT_TYPE = "guildhall-export+jwt"


@router.post(
    "/me/exports",
    response_class=Response,
    responses={200: {"content": {LINES: {"schema": {"type": "string"}}}}}
    | problem_responses(400, 401, 409, 413, 422, 429, 503),
)
async def post_my_export(
    request: Request, unit: Unit, identity: Joined, claims: SignedIn, act: FreshActToKeep
) -> Response:
    """All that is kept of me, a JSON object a line; the last one is its seal, for `guildhall verify`.

    A signed act, with a fresh proof of a key: who has it knows my keys, addresses and unions. It is kept
    nowhere: a repeat makes it anew. The seal is by a key of `GET /v1/export-keys`.
    """
    if unit.has_begun:
        raise ExportUnderKey
    peers = request.app.state.chassis.peers
    others = await gather_exports(peers, claims.member_id, identity.settings.export_part_rows_max)
    await keep_act(unit, claims.member_id, act)
    made = await export_own(unit, identity.settings, claims.member_id, others)
    sealed = {
        "iss": identity.settings.public_url,
        "form": FORM,
        "member_id": str(claims.member_id),
        "iat": int(unit.now.timestamp()),
        "rows_count": made.rows_count,
        "cut": list(made.cut),
        "digest": made.digest,
    }
    signing: SigningKey = request.app.state.chassis.keys.signing
    seal = {"kind": "export-seal", "signature": signed_token(signing, EXPORT_TYPE, sealed)}
    headers = {
        "Content-Disposition": f'attachment; filename="guildhall-{claims.member_id}.jsonl"',
        "Cache-Control": "private, no-store",
    }
    return Response(made.lines + orjson.dumps(seal) + b"\n", media_type=LINES, headers=headers)
