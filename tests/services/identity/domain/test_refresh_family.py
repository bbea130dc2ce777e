"""Refresh tokens: rotation, the grace of a repeat, and the end of a family whose token was stolen."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.refresh_family import (
    TOKEN_PATTERN,
    PresentedToken,
    RefreshAnswer,
    answer,
    successor,
    token_hash,
    token_text,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GRACE = timedelta(seconds=30)
FRESH = PresentedToken(
    generation=4,
    rotated_at=None,
    newest_generation=4,
    session_ended=False,
    session_expires_at=NOW + timedelta(days=1),
)
ROTATED = replace(FRESH, rotated_at=NOW - timedelta(seconds=30), newest_generation=5)


@pytest.mark.parametrize(
    ("presented", "expected"),
    [
        (FRESH, RefreshAnswer.ROTATE),
        (ROTATED, RefreshAnswer.REPEAT),
        (replace(ROTATED, rotated_at=NOW - timedelta(seconds=31)), RefreshAnswer.END_FAMILY),
        (replace(ROTATED, newest_generation=6), RefreshAnswer.END_FAMILY),
        (replace(FRESH, session_ended=True), RefreshAnswer.REFUSE),
        (replace(ROTATED, session_ended=True), RefreshAnswer.REFUSE),
        (replace(FRESH, session_expires_at=NOW), RefreshAnswer.REFUSE),
    ],
)
def test_each_presented_token_gets_its_answer(presented: PresentedToken, expected: RefreshAnswer) -> None:
    assert answer(presented, NOW, GRACE) is expected


def test_the_successor_is_the_same_for_the_same_token_and_salt_only() -> None:
    token, salt = token_text(b"t" * 32), b"s" * 32
    assert successor(token, salt) == successor(token, salt)
    assert successor(token, salt) != successor(token, b"x" * 32)
    assert successor(token, salt) != successor(token_text(b"u" * 32), salt)
    assert re.match(TOKEN_PATTERN, successor(token, salt))


def test_only_the_hash_of_a_token_is_kept() -> None:
    assert len(token_hash(token_text(b"t" * 32))) == 32
