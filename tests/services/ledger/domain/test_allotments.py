"""Allotments: exact to the unit, in the order of the sources, fair over time."""

from collections import Counter
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.allotments import Allotment, Destination, Source, allot, gather, part_id
from services.ledger.domain.shares import split_by_shares
from tests.services.ledger.domain.ledger_nouns import named

AMOUNTS = st.one_of(st.integers(1, 50), st.integers(1, 2**62))
SHARES = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=8)
THERE = st.lists(st.one_of(st.integers(0, 50), st.integers(0, 2**62)), min_size=1, max_size=6)


def allotment(amount: int, there: list[int], shares: list[int], name: str = "allotment") -> Allotment:
    return Allotment(
        named(name),
        amount,
        [Source(named(f"source {place}")) for place in range(len(there))],
        [Destination(named(f"destination {place}"), share) for place, share in enumerate(shares)],
    )


@given(AMOUNTS, SHARES, st.integers(0, 7))
def test_parts_are_the_amount_and_each_within_a_unit_of_its_share(
    amount: int, shares: list[int], first: int
) -> None:
    parts = split_by_shares(amount, shares, first % len(shares))
    assert sum(parts) == amount
    for part, share in zip(parts, shares, strict=True):
        exact_times_whole = amount * share
        assert abs(part * sum(shares) - exact_times_whole) < sum(shares)


@given(AMOUNTS, SHARES)
def test_nobody_with_a_smaller_share_gets_more(amount: int, shares: list[int]) -> None:
    parts = split_by_shares(amount, shares)
    by_share = sorted(zip(shares, parts, strict=True))
    for (smaller, less), (larger, more) in pairwise(by_share):
        assert smaller == larger or less <= more


@given(AMOUNTS, THERE)
def test_a_source_gives_all_it_has_before_the_next_gives_anything(amount: int, there: list[int]) -> None:
    given_by = gather(amount, there)
    assert sum(given_by) == min(amount, sum(there))
    for place, moved in enumerate(given_by):
        assert 0 <= moved <= there[place]
        assert moved == there[place] or not any(given_by[place + 1 :])


@given(AMOUNTS, THERE, SHARES)
def test_what_is_moved_adds_up_on_both_sides_or_is_nothing(
    amount: int, there: list[int], shares: list[int]
) -> None:
    wanted = allotment(amount, there, shares)
    parts = allot(wanted, there)
    if parts is None:
        assert sum(there) < amount
        return
    out, into = Counter[UUID](), Counter[UUID]()
    for index, part in enumerate(parts):
        assert part.amount_minor > 0 and part.id == part_id(wanted.id, index) == wanted.part_ids[index]
        out[part.source.account] += part.amount_minor
        into[part.credit_account] += part.amount_minor
    assert [out[source.account] for source in wanted.sources] == list(gather(amount, there))
    expected = split_by_shares(amount, shares, wanted.id.int % len(shares))
    assert [into[one.account] for one in wanted.destinations] == list(expected)
    assert len(parts) < len(there) + len(shares)


def test_equal_remainders_take_turns_over_time() -> None:
    """One unit among three, again and again: each gets about a third of them."""
    got = Counter[UUID]()
    rounds = 3_000
    for number in range(rounds):
        parts = allot(allotment(1, [1], [1, 1, 1], f"round {number}"), [1])
        assert parts is not None
        got[parts[0].credit_account] += 1
    assert all(abs(count - rounds / 3) < 0.1 * rounds for count in got.values()) and len(got) == 3


def test_the_order_begins_where_it_is_told() -> None:
    assert [split_by_shares(2, [1, 1, 1], first) for first in range(3)] == [(1, 1, 0), (0, 1, 1), (1, 0, 1)]
    assert split_by_shares(10, [1, 1, 4], 1) == (1, 2, 7)  # remainders 4, 4, 4 of 6: the second begins
