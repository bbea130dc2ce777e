"""Shares fall in proportion, by the largest remainder, and none is lost on the way."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.identity.businesses.domain.errors import SharesRefused
from services.identity.businesses.domain.shares import fall, transfer

OWNERS = [UUID(int=number) for number in range(1, 8)]
SHARES = st.lists(st.integers(0, 2**62), min_size=1, max_size=len(OWNERS)).map(
    lambda counts: {one: count for one, count in zip(OWNERS, counts, strict=False) if count}
)


# The first draw of a process reads the constants of every module: seconds where others work too.
ANYHOW = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@ANYHOW
@given(SHARES, st.sampled_from(OWNERS))
def test_what_falls_is_what_was_given_up_and_nobody_is_off_by_a_share(
    shares: dict[UUID, int], giver: UUID
) -> None:
    fallen = fall(shares, giver)
    others = {one: count for one, count in shares.items() if one != giver}
    given_up, total = shares.get(giver, 0), sum(others.values())
    assert sum(fallen.values()) == (given_up if others else 0)
    assert fallen.keys() <= others.keys()
    for one, count in others.items():
        assert abs(fallen.get(one, 0) * total - given_up * count) < total


@pytest.mark.parametrize(
    ("given_up", "others", "fallen"),
    [
        (1, (1, 1, 1), (1, 0, 0)),
        (2, (1, 1, 1), (1, 1, 0)),
        (10, (50, 49, 1), (5, 5, 0)),
        (7, (1, 2, 4), (1, 2, 4)),
        (5, (), ()),
    ],
)
def test_by_the_largest_remainder_of_equal_ones_to_the_older(
    given_up: int, others: tuple[int, ...], fallen: tuple[int, ...]
) -> None:
    giver, *owners = OWNERS
    shares = {giver: given_up, **dict(zip(owners, others, strict=False))}
    found = fall(shares, giver)
    assert tuple(found.get(one, 0) for one in owners[: len(others)]) == fallen


@ANYHOW
@given(SHARES, st.sampled_from(OWNERS), st.sampled_from(OWNERS), st.integers(1, 2**62), st.booleans())
def test_a_transfer_moves_whole_shares_or_is_refused(
    shares: dict[UUID, int], giver: UUID, receiver: UUID, moved: int, can_receive: bool
) -> None:
    fits = giver != receiver and moved <= shares.get(giver, 0) and can_receive
    if not fits:
        with pytest.raises(SharesRefused):
            transfer(shares, giver, receiver, moved, can_receive=can_receive)
        return
    after = transfer(shares, giver, receiver, moved, can_receive=can_receive)
    assert sum(after.values()) == sum(shares.values())
    assert after.get(giver, 0) == shares[giver] - moved
    assert all(after.values())
