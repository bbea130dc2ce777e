"""Who may do what on the cluster: one writer to each internal topic, readers of the house, the publisher.

Whatever is not in this table is refused: the authorizer has one super user, and refuses what nobody allowed.
"""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from chassis.bus.kafka.topics import Topics
from guildhall.postgres.roles import SERVICES
from guildhall.publisher import PUBLISHER

GATEWAY = "gateway"
USERS = (*SERVICES, GATEWAY, PUBLISHER)
ANYWHERE = "*"


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One line of the table: what a user may do on what; `prefixed` names a beginning."""

    user: str
    operation: str
    resource: str
    name: str
    prefixed: bool = False
    host: str = ANYWHERE
    permission: str = "ALLOW"

    @property
    def _pattern(self) -> ResourcePatternType:
        return ResourcePatternType.PREFIXED if self.prefixed else ResourcePatternType.LITERAL

    def binding(self) -> AclBinding:
        return AclBinding(
            ResourceType[self.resource],
            self.name,
            self._pattern,
            f"User:{self.user}",
            self.host,
            AclOperation[self.operation],
            AclPermissionType[self.permission],
        )

    def only(self) -> AclBindingFilter:
        """Finds this line alone."""
        return AclBindingFilter(
            ResourceType[self.resource],
            self.name,
            self._pattern,
            f"User:{self.user}",
            self.host,
            AclOperation[self.operation],
            AclPermissionType[self.permission],
        )

    @classmethod
    def of(cls, binding: AclBinding) -> "Right":
        return cls(
            user=str(binding.principal).removeprefix("User:"),
            operation=AclOperation(binding.operation).name,
            resource=ResourceType(binding.restype).name,
            name=str(binding.name),
            prefixed=binding.resource_pattern_type is ResourcePatternType.PREFIXED,
            host=str(binding.host),
            permission=AclPermissionType(binding.permission_type).name,
        )


def all_rights_of(user: str) -> AclBindingFilter:
    """Finds whatever is said of a user."""
    return AclBindingFilter(
        ResourceType.ANY,
        None,  # pyright: ignore[reportArgumentType] - the client takes it for any
        ResourcePatternType.ANY,
        f"User:{user}",
        None,  # pyright: ignore[reportArgumentType]
        AclOperation.ANY,
        AclPermissionType.ANY,
    )


def public_prefix(prefix: str) -> str:
    """What the topics for integrators begin with."""
    return f"{prefix}.public."


def rights_of_the_house(topics: Topics, users: Iterable[str] = USERS) -> frozenset[Right]:
    """The whole table. To write or read a topic includes to describe it."""
    return frozenset(right for user in users for right in _rights_of(user, topics))


def _rights_of(user: str, topics: Topics) -> Iterator[Right]:
    for topic in topics.by_name.values():
        yield Right(user, "READ", "TOPIC", topic.name)
        if topic.publisher == user:
            yield Right(user, "WRITE", "TOPIC", topic.name)
    if user == PUBLISHER:
        for operation in ("CREATE", "WRITE"):
            yield Right(user, operation, "TOPIC", public_prefix(topics.prefix), prefixed=True)
    if user != GATEWAY:  # it tails, and belongs to no group
        yield Right(user, "READ", "GROUP", topics.group(user))
        yield Right(user, "READ", "GROUP", f"{topics.group(user)}.", prefixed=True)
