"""The bench of the bus measures a real bus, and says which goals hold."""

from pathlib import Path

from bench.bus.house import House, bus_house
from bench.bus.run import AIOKAFKA, KAFKA, POSTGRES, Figures
from bench.bus.throughput import outbox_to_inbox, percentile, under_way
from bench.bus.wake_ups import inserts_a_second
from chassis.bus.postgres.transport import PostgresTransport


async def test_every_event_is_counted_once_and_timed(tmp_path: Path) -> None:
    async with bus_house(tmp_path / "data") as house:
        bus = await _opened(house)
        assert await outbox_to_inbox(house, bus, 700, "many") > 0
        times = await under_way(house, bus, 0.3, "easy")
        await bus.close()
        assert len(times) == 300
        assert min(times) > 0
        inserts = await inserts_a_second(house, 0.05)
    assert len(inserts) == 3
    assert all(per_second > 0 for per_second in inserts.values())


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert [percentile([4.0, 1.0, 3.0, 2.0], hundredths) for hundredths in (25, 50, 99)] == [1.0, 2.0, 4.0]


def test_each_goal_follows_from_its_figure() -> None:
    good = _figures(postgres=31_000, kafka=400, aiokafka=1_000, p99_ms=40, told=96)
    bad = _figures(postgres=29_000, kafka=200, aiokafka=1_000, p99_ms=60, told=90)
    assert all(goal.holds for goal in good.goals())
    assert not any(goal.holds for goal in bad.goals())
    assert len(good.as_json()["goals"]) == 5


def test_what_a_machine_cannot_run_is_no_goal() -> None:
    figures = Figures(
        {POSTGRES: 1}, {}, {"nobody told": 1, "told by the side connection": 1}, {"kafka": "no Java"}
    )
    assert [goal.name for goal in figures.goals()] == [
        "postgres, events/s",
        "wake-ups, % of the writers' inserts",
    ]


def _figures(postgres: float, kafka: float, aiokafka: float, p99_ms: float, told: float) -> Figures:
    return Figures(
        {POSTGRES: postgres, KAFKA: kafka, AIOKAFKA: aiokafka},
        {name: {"p50": 1, "p99": p99_ms} for name in ("postgres", "kafka")},
        {"nobody told": 100, "told by the side connection": told},
        {},
    )


async def _opened(house: House) -> PostgresTransport:
    bus = PostgresTransport(
        house.bus_url, house.publisher.clock, house.publisher.ids.new(), other_processes=False
    )
    await bus.open()
    return bus
