"""What a home is made of: which question to which service fills which field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gateway.routing import FUNDING, GRAPH, IDENTITY, LEDGER, MARKET

WORK_DUE_MAX = 20


@dataclass(frozen=True, slots=True)
class Part:
    """`path` with `{union}` and `{member}`. `shape`: the body itself, or the items of its first page.

    Parts of one name are put together, in their order. `schema` is the view of the OpenAPI document.
    """

    name: str
    service: str
    path: str
    schema: str
    shape: Literal["one", "items"]


OF_A_MEMBER: Sequence[Part] = (
    Part("me", IDENTITY, "/v1/me", "OwnProfileView", "one"),
    Part("memberships", IDENTITY, "/v1/me/memberships?limit=100", "OwnMembershipView", "items"),
)
_UNION = "/v1/unions/{union}"
_DUE = f"{_UNION}/agreements?limit={WORK_DUE_MAX}"
OF_A_UNION: Sequence[Part] = (
    Part("union", IDENTITY, _UNION, "UnionView", "one"),
    Part("membership", IDENTITY, f"{_UNION}/memberships/me", "MembershipView", "one"),
    Part("standing", GRAPH, f"{_UNION}/leaders/{{member}}", "LeaderAnswer", "one"),
    Part("voice", GRAPH, f"{_UNION}/voice", "MyVoiceView", "one"),
    Part("accounts", LEDGER, f"{_UNION}/accounts", "AccountView", "items"),
    Part("work_due", MARKET, f"{_DUE}&role=worker&state=funded", "AgreementView", "items"),
    Part("work_due", MARKET, f"{_DUE}&role=employer&state=delivered", "AgreementView", "items"),
    Part("projects", FUNDING, f"{_UNION}/projects?mine=true&state=open&limit=20", "ProjectView", "items"),
)
