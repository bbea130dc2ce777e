"""Ids carry the clock's time, and derived ones are the same for the same parts alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import ManualClock
from chassis.ids import IdSource, derived_id

NAMESPACE = UUID("6f0d7f0e-9a0b-5a43-8c5b-6d1c0e2f7a11")


def test_an_id_is_a_uuid7_of_the_clocks_time() -> None:
    moment = datetime(2027, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
    made = IdSource(ManualClock(moment)).new()
    assert made.version == 7
    assert made.int >> 80 == int(moment.timestamp() * 1_000)


def test_ids_of_one_source_sort_by_time() -> None:
    clock = ManualClock(datetime(2027, 3, 1, tzinfo=UTC))
    ids = IdSource(clock)
    made: list[UUID] = []
    for _ in range(50):
        made.append(ids.new())
        clock.advance(timedelta(milliseconds=1))
    assert made == sorted(made)
    assert len(set(made)) == 50


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_derived_ids_differ_as_their_parts_do(left: list[str], right: list[str]) -> None:
    assert (derived_id(NAMESPACE, *left) == derived_id(NAMESPACE, *right)) == (left == right)
