"""Coming back without a key: asked for, looked at, and cancelled by who still has one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from chassis.fields import TEXT_PATTERN
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import MemberNamed
from services.identity.api.joined import answer_or_refusal
from services.identity.api.passkey_bodies import NewPasskeyBody, PasskeySessionBody
from services.identity.recovery.api.proving import Asker, OneKey, proven_new_key, proven_own_key
from services.identity.recovery.api.views import RecoveryView, recovery_fields
from services.identity.recovery.domain.errors import RecoveryNotFound
from services.identity.recovery.store.recoveries import find_recovery
from services.identity.recovery.use_cases.ask_recovery import AskedRecovery, ask_recovery
from services.identity.recovery.use_cases.cancel_recovery import cancel_by_key

router = APIRouter(prefix="/v1/auth/recoveries", route_class=TransactionRoute, tags=["recovery"])


class RecoveryBody(OneKey[NewPasskeyBody]):
    """Whose account it is, the key that is to be theirs (wallet or passkey), and a code, if there is one."""

    member: MemberNamed
    code: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        None, description="One of the codes that I kept: then nobody has to agree, and the delay begins."
    )
    greeting: Annotated[str, StringConstraints(max_length=500, pattern=TEXT_PATTERN)] = Field(
        "", description="What my guardians read.", examples=["My phone fell into the Tejo. Call me."]
    )

    def asked(self) -> AskedRecovery:
        return AskedRecovery(self.member, self.code, self.greeting.strip())


class CancellationBody(OneKey[PasskeySessionBody]):
    """A living key of the member's, wallet or passkey."""


@router.post(
    "",
    status_code=201,
    response_model=RecoveryView,
    responses=problem_responses(400, 401, 403, 409, 413, 422, 429, 503),
)
async def post_recovery(body: RecoveryBody, asker: Asker) -> RecoveryView | Response:
    """Ask that a new key take the place of those that a member has lost."""
    key = await proven_new_key(asker, body)
    if isinstance(key, Response):
        return key
    unit, identity = asker.unit, asker.identity
    begun = await answer_or_refusal(
        ask_recovery(unit, identity.settings, identity.codes_key, body.asked(), key, asker.address)
    )
    if isinstance(begun, Response):
        return begun
    return RecoveryView.model_validate(recovery_fields(begun, key, 0, unit.now))


@router.get("/{recovery}", responses=problem_responses(404, 422, 503))
async def get_recovery(recovery: UUID, unit: Unit) -> RecoveryView:
    """How it stands: for who asked, and for nobody's name."""
    found = await find_recovery(unit, recovery)
    if found is None:
        raise RecoveryNotFound(str(recovery))
    return RecoveryView.model_validate(recovery_fields(*found, unit.now))


@router.post(
    "/{recovery}/cancellations",
    status_code=201,
    response_model=RecoveryView,
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 429, 503),
)
async def post_cancellation(recovery: UUID, body: CancellationBody, asker: Asker) -> RecoveryView | Response:
    """Say by a living key that nothing is lost, also where the account is locked."""
    key = await proven_own_key(asker, body)
    if isinstance(key, Response):
        return key
    cancelled = await answer_or_refusal(cancel_by_key(asker.unit, asker.identity.settings, recovery, key))
    if isinstance(cancelled, Response):
        return cancelled
    return await get_recovery(recovery, asker.unit)
