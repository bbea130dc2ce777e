"""Coming back without a key: asked for, looked at, and cancelled by who still has one."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chassis.fields import TEXT_PATTERN
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.auth import SessionBody
from services.identity.api.joined import ClientAddress, Joined, answer_or_refusal
from services.identity.api.passkey_bodies import NewPasskeyBody, PasskeySessionBody
from services.identity.api.session_view import NonceCookie, OriginHeader, require_own_origin
from services.identity.recovery.api.proving import Asker, proven_new_key, proven_own_key
from services.identity.recovery.api.views import RecoveryView, recovery_fields
from services.identity.recovery.domain.errors import RecoveryNotFound
from services.identity.recovery.store.recoveries import find_recovery
from services.identity.recovery.use_cases.ask_recovery import AskedRecovery, ask_recovery
from services.identity.recovery.use_cases.cancel_recovery import cancel_by_key

router = APIRouter(prefix="/v1/auth/recoveries", route_class=TransactionRoute, tags=["recovery"])


class RecoveryBody(BaseModel):
    """Whose account it is, the key that is to be theirs (wallet or passkey), and a code, if there is one."""

    model_config = ConfigDict(extra="forbid")

    member: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")] = Field(
        description="Handle or id.", examples=["ada"]
    )
    wallet: SessionBody | None = None
    passkey: NewPasskeyBody | None = None
    code: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        None, description="One of the codes that I kept: then nobody has to agree, and the delay begins."
    )
    greeting: Annotated[str, StringConstraints(max_length=500, pattern=TEXT_PATTERN)] = Field(
        "", description="What my guardians read.", examples=["My phone fell into the Tejo. Call me."]
    )

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.wallet is None) == (self.passkey is None):
            raise ValueError("either wallet or passkey")
        return self

    def asked(self) -> AskedRecovery:
        return AskedRecovery(self.member, self.code, self.greeting.strip())


class CancellationBody(BaseModel):
    """A living key of the member's, wallet or passkey."""

    model_config = ConfigDict(extra="forbid")

    wallet: SessionBody | None = None
    passkey: PasskeySessionBody | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.wallet is None) == (self.passkey is None):
            raise ValueError("either wallet or passkey")
        return self


@router.post(
    "",
    status_code=201,
    response_model=RecoveryView,
    responses=problem_responses(400, 401, 403, 409, 413, 422, 429, 503),
)
async def post_recovery(
    request: Request,
    body: RecoveryBody,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> RecoveryView | Response:
    """Ask that a new key take the place of those that a member has lost."""
    require_own_origin(identity, origin)
    asker = Asker(request, unit, identity, browser, address)
    key = await proven_new_key(asker, body.wallet, body.passkey)
    if isinstance(key, Response):
        return key
    begun = await answer_or_refusal(
        ask_recovery(unit, identity.settings, identity.codes_key, body.asked(), key, address)
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
async def post_cancellation(
    request: Request,
    recovery: UUID,
    body: CancellationBody,
    unit: Unit,
    identity: Joined,
    address: ClientAddress,
    origin: OriginHeader = None,
    browser: NonceCookie = None,
) -> RecoveryView | Response:
    """Say by a living key that nothing is lost, also where the account is locked."""
    require_own_origin(identity, origin)
    asker = Asker(request, unit, identity, browser, address)
    key = await proven_own_key(asker, body.wallet, body.passkey)
    if isinstance(key, Response):
        return key
    cancelled = await answer_or_refusal(cancel_by_key(unit, identity.settings, recovery, key))
    if isinstance(cancelled, Response):
        return cancelled
    found = await find_recovery(unit, recovery)
    assert found is not None
    return RecoveryView.model_validate(recovery_fields(*found, unit.now))
