"""Who asks the ledger: a member by their signed act, or a service that may open escrows."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from chassis.auth.claims import ServiceClaims
from chassis.auth.dependencies import (
    AnyCaller,
    ServiceCaller,
    act_signature,
    any_caller,
    member_token,
    service_token,
    verified_act,
)
from chassis.membership import (
    ActiveMember,
    Membership,
    UnionOfPath,
    UnionView,
    active_member,
    maybe_member,
    union_of_path,
)
from chassis.problems import FORBIDDEN, Problem
from chassis.rights.grants import BusinessRight, Ground, Right
from chassis.rights.standing import BusinessRights, Rights
from chassis.signatures import ActLimits, SignedAct
from chassis.siwe import SignInLimits
from services.ledger.api.fields import UnionName
from services.ledger.domain.rights import (
    SERVICE_RESOURCES,
    Principal,
    member_principal,
    named_principal,
)
from services.ledger.settings import LedgerSettings
from services.ledger.use_cases.verify_debit_act import ActChecks

_SERVICES = {kind.value: named_principal(kind) for kind in SERVICE_RESOURCES}


@dataclass(frozen=True, slots=True)
class Officer:
    """A member who has the right that was asked for, and why."""

    member: Membership
    ground: Ground


@dataclass(frozen=True, slots=True)
class Asker:
    """The principal of a batch in the path's union; `own_act` is a member's, verified and not yet stored."""

    principal: Principal
    own_act: SignedAct | None
    union: UnionView


async def settings_of(request: Request) -> LedgerSettings:
    return request.app.state.chassis.settings


def principal_of_service(claims: ServiceClaims) -> Principal:
    """The service as principal; Problem 403 for one that moves no money."""
    principal = _SERVICES.get(claims.service)
    if principal is None:
        raise Problem(FORBIDDEN, {"reason": f"{claims.service} is no service that moves money."})
    return principal


async def service_principal(claims: ServiceCaller) -> Principal:
    return principal_of_service(claims)


async def asker(
    request: Request,
    union: UnionName,
    _: Annotated[None, Depends(member_token)],
    __: Annotated[None, Depends(service_token)],
    ___: Annotated[str | None, Depends(act_signature)],
) -> Asker:
    """A money-moving service, or an active member of the union whose request is their signed act."""
    found = await union_of_path(request, union)
    caller = await any_caller(request, None, None)
    if isinstance(caller, ServiceClaims):
        return Asker(principal_of_service(caller), None, found)
    await active_member(request, union, None)
    return Asker(member_principal(caller.member_id), await verified_act(request), found)


async def auditor_or_service(
    request: Request, caller: AnyCaller, union: UnionOfPath
) -> Principal | Membership:
    """A money-moving service, or who may see the union's books whole."""
    if isinstance(caller, ServiceClaims):
        return principal_of_service(caller)
    return await auditor(request, await active_member(request, union.slug, None))


async def auditor(request: Request, member: ActiveMember) -> Membership:
    """The founder, or who may audit by an office."""
    await required_ground(request, member, Right.AUDIT)
    return member


async def moderator(request: Request, member: ActiveMember) -> Officer:
    """The founder, or who may moderate by an office."""
    return Officer(member, await required_ground(request, member, Right.MODERATE))


async def required_ground(request: Request, member: Membership, right: Right) -> Ground:
    """Why the member may; Problem 403 where nothing gives them the right."""
    return (await required_grounds(request, member, right))[0]


async def required_grounds(request: Request, member: Membership, right: Right) -> tuple[Ground, ...]:
    """All that let the member, at least one; Problem 403 where nothing gives them the right."""
    rights: Rights = request.app.state.rights
    grounds = await rights.grounds(request.state.unit, member, right)
    if not grounds:
        raise Problem(FORBIDDEN, {"reason": f"It takes the right {right.value} in this union."})
    return grounds


async def may_of_caller(request: Request, union: str, right: Right) -> bool:
    """Whether the caller is an active member who has the right."""
    member = await maybe_member(request, union, None)
    rights: Rights = request.app.state.rights
    return member is not None and await rights.may(request.state.unit, member, right)


async def required_business_grounds(
    request: Request, member: Membership, business_id: UUID, right: BusinessRight
) -> tuple[Ground, ...]:
    """All that let the member, at least one; Problem 403 where nothing gives them the right."""
    rights: BusinessRights = request.app.state.business_rights
    grounds = await rights.grounds(request.state.unit, member, business_id, right)
    if not grounds:
        raise Problem(FORBIDDEN, {"reason": f"It takes the right {right.value} in this business."})
    return grounds


async def sees_business(request: Request, member: Membership, business_id: UUID) -> bool:
    """Whether the member may see the account of the business, and what is paid from it."""
    rights: BusinessRights = request.app.state.business_rights
    return await rights.may_any(request.state.unit, member, business_id, *BusinessRight)


async def caller_sees_business(request: Request, union: str, business_id: UUID) -> bool:
    """Whether the caller is an active member who may."""
    member = await maybe_member(request, union, None)
    return member is not None and await sees_business(request, member, business_id)


def act_checks(request: Request) -> ActChecks:
    """What this deployment asks of acts and certificates."""
    settings: LedgerSettings = request.app.state.chassis.settings
    return ActChecks(
        public_url=settings.public_url,
        chain_id=settings.chain_id,
        act=ActLimits(
            settings.forwarded_act_age_max_seconds,
            settings.act_ahead_max_seconds,
            settings.act_field_max_characters,
        ),
        sign_in=SignInLimits(
            ahead_seconds=settings.sign_in_ahead_max_seconds,
            device_key_lifetime_seconds=settings.device_key_lifetime_seconds,
        ),
        standing=request.app.state.key_standing,
        contract_wallets=request.app.state.contract_wallets,
    )


Settings = Annotated[LedgerSettings, Depends(settings_of)]
OwnService = Annotated[Principal, Depends(service_principal)]
TransferAsker = Annotated[Asker, Depends(asker)]
Auditor = Annotated[Membership, Depends(auditor)]
AuditorOrService = Annotated[Principal | Membership, Depends(auditor_or_service)]
Moderator = Annotated[Officer, Depends(moderator)]
