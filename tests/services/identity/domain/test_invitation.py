"""Invitations: good for some uses and some time, known by a code of 128 bits."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.domain.errors import InvitationExpired, InvitationLimit, InvitationUsedUp
from services.identity.domain.invitation import (
    CODE_PATTERN,
    Invitation,
    code_hash,
    code_text,
    invite,
    require_usable,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def invitation(uses_max: int = 10, valid_seconds: int = 3_600) -> Invitation:
    return invite(
        UUID(int=1),
        UUID(int=2),
        UUID(int=3),
        by_founder=True,
        uses_max=uses_max,
        valid_seconds=valid_seconds,
        uses_limit=100,
        valid_seconds_limit=86_400,
        now=NOW,
    )


def test_a_code_is_22_characters_and_only_its_hash_is_kept() -> None:
    code = code_text(bytes(range(16)))
    assert re.match(CODE_PATTERN, code)
    assert len(code_hash(code)) == 32
    assert code_hash(code) != code_hash(code_text(bytes(16)))


def test_an_invitation_is_usable_until_its_last_use_and_moment() -> None:
    require_usable(replace(invitation(), uses_count=9), NOW + timedelta(seconds=3_599))


def test_an_expired_invitation_is_refused() -> None:
    with pytest.raises(InvitationExpired):
        require_usable(invitation(), NOW + timedelta(seconds=3_600))


def test_an_invitation_used_up_is_refused() -> None:
    with pytest.raises(InvitationUsedUp) as refusal:
        require_usable(replace(invitation(), uses_count=10), NOW)
    assert refusal.value.uses_max == 10


@pytest.mark.parametrize(
    ("uses_max", "valid_seconds", "bound", "limit"),
    [(101, 3_600, "uses_max", 100), (10, 86_401, "valid_seconds", 86_400)],
)
def test_more_than_the_limits_allow_is_refused(
    uses_max: int, valid_seconds: int, bound: str, limit: int
) -> None:
    with pytest.raises(InvitationLimit) as refusal:
        invitation(uses_max, valid_seconds)
    assert (refusal.value.bound, refusal.value.limit) == (bound, limit)
