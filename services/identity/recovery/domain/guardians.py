"""Guardians: members whom a member chose to confirm who they are, so many of them at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.identity.recovery.domain.errors import GuardiansRefused

GUARDIANS_NEEDED_MIN = 2
"""No single friend takes an account, nor overrides its owner."""


@dataclass(frozen=True, slots=True)
class GuardianSet:
    """Of those that hold and were not withdrawn the newest counts; `guardians` empty: there are none then."""

    member_id: UUID
    version: int
    threshold: int
    guardians: frozenset[UUID]
    named_at: datetime
    holds_from: datetime


def check_guardians(member_id: UUID, guardians: Collection[UUID], threshold: int, guardians_max: int) -> None:
    """Raises GuardiansRefused with the broken rule."""
    if member_id in guardians:
        raise GuardiansRefused("nobody is their own guardian")
    if len(set(guardians)) != len(guardians):
        raise GuardiansRefused("each guardian is named once")
    if len(guardians) > guardians_max:
        raise GuardiansRefused(f"at most {guardians_max} guardians")
    if not GUARDIANS_NEEDED_MIN <= threshold <= len(guardians):
        raise GuardiansRefused(f"at least {GUARDIANS_NEEDED_MIN} of them, and no more than there are, decide")
