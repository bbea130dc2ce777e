"""Who is in which union: the projection that every service but identity keeps of identity's events.

A member or union that the projection does not know yet is asked of identity once, and kept.
"""

from chassis.membership.asking import ask_membership, ask_union
from chassis.membership.dependencies import (
    NOT_A_MEMBER,
    ActiveMember,
    MaybeMember,
    MembershipOfCaller,
    UnionOfPath,
    active_member,
    maybe_member,
    membership_of_caller,
    union_of_path,
)
from chassis.membership.projection import keep_membership, keep_union, project_memberships
from chassis.membership.reading import (
    active_members,
    find_membership,
    find_union,
    find_unions_of_members,
    union_view,
)
from chassis.membership.tables import membership_tables
from chassis.membership.views import ACTIVE, Membership, UnionView

__all__ = [
    "ACTIVE",
    "NOT_A_MEMBER",
    "ActiveMember",
    "MaybeMember",
    "Membership",
    "MembershipOfCaller",
    "UnionOfPath",
    "UnionView",
    "active_member",
    "active_members",
    "ask_membership",
    "ask_union",
    "find_membership",
    "find_union",
    "find_unions_of_members",
    "keep_membership",
    "keep_union",
    "maybe_member",
    "membership_of_caller",
    "membership_tables",
    "project_memberships",
    "union_of_path",
    "union_view",
]
