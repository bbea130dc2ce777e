"""FastAPI dependencies: the union that a path names, and who the caller is in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Request

from chassis.auth.claims import MemberClaims
from chassis.auth.dependencies import (
    caller_of,
    maybe_signed_in,
    member_token,
    optional_member_token,
    signed_in,
)
from chassis.membership.asking import ask_membership, ask_union
from chassis.membership.reading import find_union, find_unions_of_members
from chassis.membership.views import MEMBER_ROLE, Membership, UnionView
from chassis.problems import NOT_FOUND, Problem, ProblemType

if TYPE_CHECKING:
    from chassis.peers import Peers
    from chassis.service import Chassis
    from chassis.unit_of_work import UnitOfWork

NOT_A_MEMBER = ProblemType(
    "not-a-member", 403, "You are not a member of this union", "Join the union first; yours is: {state}."
)
_UNION_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


UnionName = Annotated[
    str,
    Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$", description="The union's slug or id."),
]
MemberToken = Annotated[None, Depends(member_token)]
OptionalMemberToken = Annotated[None, Depends(optional_member_token)]

# Each dependency below calls the others itself: FastAPI's solver costs more for each than what they do.


async def union_of_path(request: Request, union: UnionName) -> UnionView:
    """The union that the path names; Problem 404 where there is none.

    What is neither slug nor id is no union: it is not carried into SQL or into identity's address.
    """
    found: UnionView | None = getattr(request.state, "union", None)
    if found is None:
        if not _UNION_NAME.fullmatch(union):
            raise Problem(NOT_FOUND)
        found = await _read_union(request, union)
        if found is None:
            raise Problem(NOT_FOUND)
        request.state.union = found
    return found


async def _read_union(request: Request, union: str) -> UnionView | None:
    """From the projection, with the caller's membership where there is one; else from identity."""
    unit: UnitOfWork = request.state.unit
    caller = await caller_of(request)
    found: UnionView | None = None
    if isinstance(caller, MemberClaims):
        asked = union, caller.member_id
        if unit.has_begun:
            (known,) = await find_unions_of_members(await unit.raw(), [asked])
        else:
            chassis: Chassis = request.app.state.chassis
            known = await chassis.unions_of_members.get(asked)
        if known is not None:
            found, membership = known
            request.state.membership = membership and await _present(request, membership)
    else:
        found = await find_union(unit, union)
    return found or await ask_union(unit, request.app.state.chassis.peers, union)


async def membership_of_caller(request: Request, union: UnionName, _: MemberToken) -> Membership:
    """The caller's membership whatever its state; Problem 403 where there never was one."""
    claims = await signed_in(request, None)
    found = await _membership_in(request, await union_of_path(request, union), claims)
    if found is None:
        raise Problem(NOT_A_MEMBER, {"state": "none"})
    return found


async def _membership_in(request: Request, union: UnionView, claims: MemberClaims) -> Membership | None:
    """The caller's membership as it was read with the union, or as identity knows it."""
    found: Membership | None = getattr(request.state, "membership", None)
    if found is None:
        peers: Peers = request.app.state.chassis.peers
        found = await ask_membership(request.state.unit, peers, union, claims.member_id)
    return found


async def _present(request: Request, known: Membership) -> Membership:
    """The membership as the projection knows it, unless identity has told since that it, or its role, ended.

    Where the projection is behind, an act asks identity, as the member may have come back; a read takes the
    word of the log.
    """
    chassis: Chassis = request.app.state.chassis
    view = chassis.revocations.view
    ended = view.ended_membership(known.union.id, known.member_id)
    if ended is None:
        return known
    if known.version >= ended.version:
        view.forget_membership(known.union.id, known.member_id, known.version)
        return known
    unit: UnitOfWork = request.state.unit
    asked: Membership | None = None
    if not unit.read_only:
        asked = await ask_membership(unit, chassis.peers, known.union, known.member_id)
    return asked or replace(known, state=ended.state, role=MEMBER_ROLE, version=ended.version)


async def active_member(request: Request, union: UnionName, _: MemberToken) -> Membership:
    """The caller, an active member of the path's union; else Problem 403."""
    membership = await membership_of_caller(request, union, None)
    if not membership.is_active:
        raise Problem(NOT_A_MEMBER, {"state": membership.state})
    return membership


async def maybe_member(request: Request, union: UnionName, _: OptionalMemberToken) -> Membership | None:
    """The caller where they are an active member; None for outsiders, who see counts."""
    claims = await maybe_signed_in(request, None)
    view = await union_of_path(request, union)
    if claims is None:
        return None
    found = await _membership_in(request, view, claims)
    return found if found is not None and found.is_active else None


UnionOfPath = Annotated[UnionView, Depends(union_of_path)]
MembershipOfCaller = Annotated[Membership, Depends(membership_of_caller)]
"""For the exit rights: also a member who has left."""
ActiveMember = Annotated[Membership, Depends(active_member)]
MaybeMember = Annotated[Membership | None, Depends(maybe_member)]
