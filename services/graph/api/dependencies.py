"""What the graph's routes ask for besides the caller and the union."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from chassis.membership import MaybeMember, Membership, UnionOfPath, ask_membership, find_membership
from chassis.route import Unit
from chassis.unit_of_work import UnitOfWork
from services.graph.domain.errors import NamesForMembersOnly
from services.graph.engine.engine import GraphEngine
from services.graph.engine.union_view import UnionView
from services.graph.settings import GraphSettings


async def engine_of(request: Request) -> GraphEngine:
    return request.app.state.engine


async def settings_of(request: Request) -> GraphSettings:
    return request.app.state.chassis.settings


async def view_of_union(union: UnionOfPath, engine: Annotated[GraphEngine, Depends(engine_of)]) -> UnionView:
    """The path's union as this process' engine knows it."""
    return await engine.view(union.id)


async def waking_unit(unit: Unit, engine: Annotated[GraphEngine, Depends(engine_of)]) -> UnitOfWork:
    """The transaction of a request that changes the graph: its commit wakes the engine."""
    unit.after_commit(engine.wake)
    return unit


async def leader_of_path(request: Request, unit: Unit, union: UnionOfPath, leader: UUID) -> UUID:
    """The leader whom the path names, asked of identity where the projection does not know them yet."""
    if await find_membership(unit, union, leader) is None:
        await ask_membership(unit, request.app.state.chassis.peers, union, leader)
    return leader


async def insider(member: MaybeMember) -> Membership:
    """The caller, where they may see names: an active member. Raises NamesForMembersOnly."""
    if member is None:
        raise NamesForMembersOnly("the graph")
    return member


Limits = Annotated[GraphSettings, Depends(settings_of)]
ViewOfUnion = Annotated[UnionView, Depends(view_of_union)]
WakingUnit = Annotated[UnitOfWork, Depends(waking_unit)]
LeaderOfPath = Annotated[UUID, Depends(leader_of_path)]
Insider = Annotated[Membership, Depends(insider)]
