"""The founder's office: who holds it, who is to hold it next, and how it passes."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act, FreshAct, MaybeSignedIn, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.fields import MemberNamed, UnionOfPath
from services.identity.api.joined import Identity, Joined
from services.identity.domain.union import NetworkUnion
from services.identity.succession.domain.heir import Heir, Succession, Way
from services.identity.succession.store.heirs import heir_of
from services.identity.succession.use_cases.claim_office import claim_office, end_claim
from services.identity.succession.use_cases.hand_over import hand_over
from services.identity.succession.use_cases.name_heir import agree_to_succeed, name_heir, remove_heir
from services.identity.succession.use_cases.read_succession import read_succession, read_successions

router = APIRouter(prefix="/v1/unions/{union}/succession", route_class=TransactionRoute, tags=["succession"])


class HeirBody(BaseModel):
    """Who is to hold the office next."""

    model_config = ConfigDict(extra="forbid")

    member: MemberNamed


class HeirView(BaseModel):
    """`due_at`: when the office passes to them by their claim, unless its holder objects."""

    member_id: UUID
    named_at: datetime
    agreed_at: datetime | None
    claimed_at: datetime | None
    due_at: datetime | None
    rests_until: datetime | None = Field(description="After an objection: no claim before.")

    @classmethod
    def of(cls, heir: Heir) -> "HeirView":
        return cls(
            member_id=heir.member_id,
            named_at=heir.named_at,
            agreed_at=heir.agreed_at,
            claimed_at=heir.claimed_at,
            due_at=heir.due_at,
            rests_until=heir.rests_until,
        )


class SuccessionView(BaseModel):
    """Who founded the union, who holds the founder's office now, and who is to hold it next."""

    founder_id: UUID
    head_id: UUID
    heir: HeirView | None
    objection_seconds: int = Field(description="How long a claim that is made now can be objected to.")


class PassedView(BaseModel):
    """The office passed from one member to another."""

    id: UUID
    from_id: UUID
    to_id: UUID
    way: Way
    passed_at: datetime

    @classmethod
    def of(cls, passed: Succession) -> "PassedView":
        return cls(
            id=passed.id,
            from_id=passed.from_id,
            to_id=passed.to_id,
            way=passed.way,
            passed_at=passed.passed_at,
        )


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def get_succession(
    union: UnionOfPath, unit: Unit, identity: Joined, _: MaybeSignedIn
) -> SuccessionView:
    """Who holds the founder's office and who is to: for everybody."""
    return _view(identity, *await read_succession(unit, union))


@router.get("/history", responses=problem_responses(400, 401, 404, 422, 503))
async def get_succession_history(
    union: UnionOfPath, unit: Unit, _: MaybeSignedIn, page: Paging
) -> Page[PassedView]:
    """How the office passed, the newest first: for everybody."""
    rows = await read_successions(unit, union, page.after_id, page.limit)
    return page.page_by_id(rows, PassedView.of, lambda row: row.id)


@router.put("/heir", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_heir(
    union: UnionOfPath, body: HeirBody, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> SuccessionView:
    """Name who is to hold the office next: a signed act of who holds it, with a fresh proof of a key.

    They are told, and agree or decline; whoever was named before is the heir no longer.
    """
    return await _shown(
        unit, identity, await name_heir(unit, identity.settings, claims.member_id, union, body.member)
    )


@router.delete("/heir", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_heir(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> SuccessionView:
    """End that somebody is the heir: a signed act of who holds the office, or of the heir, who declines."""
    return await _shown(unit, identity, await remove_heir(unit, identity.settings, claims.member_id, union))


@router.put("/consent", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_succession_consent(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> SuccessionView:
    """Agree to hold the office next: a signed act of the heir; a repeat changes nothing."""
    return await _shown(
        unit, identity, await agree_to_succeed(unit, identity.settings, claims.member_id, union)
    )


@router.post("/handover", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def post_handover(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> SuccessionView:
    """Hand the office over to the heir, who agreed, at once: a signed act, with a fresh proof of a key.

    Every right of the founder is the heir's from then on; offices and the founder's share stay as they are.
    """
    identity.wake_revocations_after(unit)
    return await _shown(unit, identity, await hand_over(unit, identity.settings, claims.member_id, union))


@router.put("/claim", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_claim(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> SuccessionView:
    """Claim the office, whose holder is gone: a signed act of the heir; a repeat changes nothing.

    Its holder is told on every channel, and has until `due_at` to object.
    """
    return await _shown(unit, identity, await claim_office(unit, identity.settings, claims.member_id, union))


@router.delete("/claim", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_claim(
    union: UnionOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> SuccessionView:
    """Object to the claim, or give it up: a signed act of who holds the office, or of the heir."""
    return await _shown(unit, identity, await end_claim(unit, identity.settings, claims.member_id, union))


async def _shown(unit: UnitOfWork, identity: Identity, union: NetworkUnion) -> SuccessionView:
    return _view(identity, union, await heir_of(unit, union.id))


def _view(identity: Identity, union: NetworkUnion, heir: Heir | None) -> SuccessionView:
    return SuccessionView(
        founder_id=union.founder_id,
        head_id=union.head_id,
        heir=None if heir is None else HeirView.of(heir),
        objection_seconds=identity.settings.succession_objection_seconds,
    )
