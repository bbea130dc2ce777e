"""Who sees the names of members, for each setting of the charter and each reader."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.identity.domain.membership import Membership, MembershipState, found
from services.identity.domain.visibility import may_see_members

FOUNDER = found(UUID(int=1), UUID(int=2), datetime(2026, 3, 1, tzinfo=UTC))
MEMBER = replace(FOUNDER, member_id=UUID(int=3))
LEFT = replace(MEMBER, state=MembershipState.LEFT)


@pytest.mark.parametrize(
    ("visibility", "outsider", "left", "member", "founder"),
    [
        ("public", True, True, True, True),
        ("members", False, False, True, True),
        ("leaders", False, False, False, True),
        ("nobody", False, False, False, False),
    ],
)
def test_each_reader_sees_names_where_the_charter_lets_them(
    visibility: str, outsider: bool, left: bool, member: bool, founder: bool
) -> None:
    readers: list[tuple[Membership | None, bool]] = [
        (None, outsider),
        (LEFT, left),
        (MEMBER, member),
        (FOUNDER, founder),
    ]
    for reader, expected in readers:
        assert may_see_members(visibility, FOUNDER.member_id, reader) is expected
