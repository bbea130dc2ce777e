"""The outbox: written whole and in order, or refused."""

import contextlib
import gc
import weakref
from collections.abc import Sequence

import pytest

from chassis import outbox
from chassis.bus.envelope import EventKeyTooLong
from chassis.outbox import OutboxRow, TooManyEventKeys, key_locks
from tests.chassis.toy import Toy

PAID = "agreement.paid"


def rows(toy: Toy, keys: Sequence[str]) -> list[OutboxRow]:
    now = toy.clock.now()
    return [OutboxRow(toy.chassis.ids.new(), PAID, key, now, b"{}") for key in keys]


async def test_positions_follow_the_order_of_publication(toy: Toy) -> None:
    written = rows(toy, [f"key {number % 7}" for number in range(300)])
    async with toy.chassis.unit("test") as unit:
        raw = await unit.raw()
        await outbox.write(raw, written)
        found = await raw.fetch("SELECT event_id FROM outbox ORDER BY position")
        await unit.rollback()
    assert [row["event_id"] for row in found] == [row.event_id for row in written]


async def test_a_thousand_keys_are_taken_and_one_more_is_refused(toy: Toy) -> None:
    keys = [f"key {number}" for number in range(1_001)]
    async with toy.chassis.unit("test") as unit:
        await outbox.write(await unit.raw(), rows(toy, keys[:1_000] * 2))
        with pytest.raises(TooManyEventKeys):
            await outbox.write(await unit.raw(), rows(toy, keys))
        await unit.rollback()


async def test_nothing_to_write_asks_nothing_of_the_database(toy: Toy) -> None:
    async with toy.chassis.unit("test") as unit:
        await outbox.write(await unit.raw(), [])


def test_everybody_takes_the_locks_in_one_order() -> None:
    keys = [f"key {number}" for number in range(100)]
    assert key_locks(keys) == key_locks(reversed(keys)) == sorted(key_locks(keys))
    assert len(key_locks(keys * 2)) == 100


def test_a_key_over_512_bytes_is_refused(toy: Toy) -> None:
    assert rows(toy, ["k" * 512])
    for key in ("k" * 513, "é" * 257):
        with pytest.raises(EventKeyTooLong):
            rows(toy, [key])


@pytest.mark.parametrize("is_committed", [True, False])
async def test_what_was_published_goes_with_its_transaction(toy: Toy, is_committed: bool) -> None:
    """Not when the garbage collector comes by: an array's events are a megabyte."""
    gc.disable()
    try:
        unit = toy.chassis.unit("test")
        with contextlib.suppress(ValueError):
            async with unit:
                unit.record_act("test", "nothing", {})
                if not is_committed:
                    raise ValueError("what was done is taken back")
        gone = weakref.ref(unit)
        del unit
        assert gone() is None
    finally:
        gc.enable()
