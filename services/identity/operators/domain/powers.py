"""The short list: what an operator may do through the interface, and what no operator ever does.

docs/operations.md and the page print it; tests hold both to this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Power(StrEnum):
    """What an operator did."""

    LOCK_MEMBER = "lock_member"
    HIDE_UNION = "hide_union"
    REMOVE_PICTURE = "remove_picture"


@dataclass(frozen=True, slots=True)
class PowerRule:
    """`says`: what it does. `ends`: what ends it. `appealed_by`: who may appeal, once."""

    says: str
    ends: str
    appealed_by: str


POWERS: Mapping[Power, PowerRule] = MappingProxyType(
    {
        Power.LOCK_MEMBER: PowerRule(
            "Lock a member's account: every session ends, and a new one reads and has the exit rights alone.",
            "Its time, an undoing, or an appeal that is won.",
            "the member",
        ),
        Power.HIDE_UNION: PowerRule(
            "Hide a union from the directory, and its public page from outsiders; members keep everything.",
            "An undoing, or an appeal that is won.",
            "who holds the founder's office",
        ),
        Power.REMOVE_PICTURE: PowerRule(
            "Take down a member's picture, which they cannot show again.",
            "An undoing, or an appeal that is won: then the member may show it again.",
            "the member",
        ),
    }
)
NEVER = (
    "act as a member, or sign for one",
    "read what members do not show them",
    "move, freeze or seize money",
    "change a charter",
    "admit, suspend or expel a member of a union",
    "vote, or count votes",
    "name an operator: that is done on the machine alone",
)
