"""The public state of unions and memberships, as events and as what services are answered."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState as MembershipEvent
from events.identity import UnionState as UnionEvent
from services.identity.domain.charter import Charter
from services.identity.domain.membership import Membership
from services.identity.domain.union import NetworkUnion

NAMED_APART = ("token_symbol", "token_scale")
COMBINED = "combined"


def union_event(union: NetworkUnion, charter: Charter) -> UnionEvent:
    """The union under the charter in force; token and scale stand beside the other parameters."""
    return UnionEvent(
        union_id=union.id,
        version=union.version,
        slug=union.slug,
        state=union.state.value,
        founder_id=union.founder_id,
        head_id=union.head_id,
        token_symbol=charter.parameters.token_symbol,
        token_scale=charter.parameters.token_scale,
        charter_version=union.charter_version,
        charter_hash=union.charter_hash,
        parameters={
            name: value for name, value in charter.parameters.document().items() if name not in NAMED_APART
        }
        | {"admission": _way_in(charter.parameters.admission)},
        founded_at=union.founded_at,
    )


def _way_in(rule: str) -> str:
    """A single way in by its name; events carry no texts, so of other rules only that they are combined."""
    return rule if rule in ("open", "invitation", "application") else COMBINED


def membership_event(membership: Membership) -> MembershipEvent:
    return MembershipEvent(
        union_id=membership.union_id,
        member_id=membership.member_id,
        version=membership.version,
        state=membership.state.value,
        role=membership.role.value,
        charter_version=membership.charter_version,
        by_founder_invitation=membership.by_founder_invitation,
        joined_at=membership.joined_at,
        changed_at=membership.changed_at,
    )


def publish_union(unit: UnitOfWork, union: NetworkUnion, charter: Charter) -> UUID:
    return unit.publish(union_event(union, charter))


def publish_membership(unit: UnitOfWork, membership: Membership) -> UUID:
    return unit.publish(membership_event(membership))
