"""`guildhall bench bus`: measures both transports and their peers, then says which goals hold."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.bus.brokers import brokers
from bench.bus.house import House, bus_house
from bench.bus.peers import aiokafka_alone, jetstream
from bench.bus.throughput import outbox_to_inbox, percentile, under_way
from bench.bus.wake_ups import WRITERS, inserts_a_second
from bench.goals import Goal, at_least, at_most, show_goals
from chassis.bus.kafka import KafkaTransport
from chassis.bus.kafka.topics import Topics
from chassis.bus.postgres.transport import PostgresTransport
from chassis.bus.transport import Transport
from events.catalogue import CATALOGUE
from guildhall.refusals import StartRefused

EVENTS, QUICK_EVENTS = 100_000, 20_000
SECONDS, QUICK_SECONDS = 10.0, 3.0
ROUND_SECONDS, QUICK_ROUND_SECONDS = 0.5, 0.15
POSTGRES, KAFKA = "postgres: outbox to inbox", "kafka: outbox to inbox"
AIOKAFKA, NATS = "aiokafka alone", "NATS JetStream alone"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured; what this machine cannot run is in `left_out`, with its reason."""

    events_per_second: Mapping[str, float]
    under_way_ms: Mapping[str, Mapping[str, float]]
    inserts_per_second: Mapping[str, float]
    left_out: Mapping[str, str]

    def goals(self) -> list[Goal]:
        silent = self.inserts_per_second["nobody told"]
        told = self.inserts_per_second["told by the side connection"]
        goals = [at_least("postgres, events/s", 30_000, self.events_per_second[POSTGRES])]
        if KAFKA in self.events_per_second:
            ratio = self.events_per_second[KAFKA] / self.events_per_second[AIOKAFKA]
            goals.append(at_least("kafka, times aiokafka alone", 0.3, ratio))
        goals += [
            at_most(f"{transport}, p99 ms at 1,000/s", 50, figures["p99"])
            for transport, figures in self.under_way_ms.items()
        ]
        goals.append(at_most("wake-ups, % of the writers' inserts", 5, (1 - told / silent) * 100))
        return goals

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
            **asdict(self),
            "goals": [asdict(goal) for goal in self.goals()],
        }


def bench_bus(*, quick: bool, as_json: bool) -> None:
    """Measure and print. What does not hold is said, and is no failure of the command."""
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as made:
        Path(made).chmod(0o755)  # the database's own user has to reach its folder
        figures = asyncio.run(_measure(Path(made), quick=quick))
    if as_json:
        print(json.dumps(figures.as_json(), indent=2))
    else:
        _show(figures)


async def _measure(folder: Path, *, quick: bool) -> Figures:
    measuring = _Measuring(
        events_count=QUICK_EVENTS if quick else EVENTS, seconds=QUICK_SECONDS if quick else SECONDS
    )
    async with bus_house(folder / "postgres") as house:
        await measuring.postgres(house)
        inserts = await inserts_a_second(house, QUICK_ROUND_SECONDS if quick else ROUND_SECONDS)
        await measuring.kafka(house, folder / "kafka")
    await measuring.nats(folder / "nats")
    return Figures(measuring.events, measuring.under_way_ms, inserts, measuring.left_out)


@dataclass(slots=True)
class _Measuring:
    events_count: int
    seconds: float
    events: dict[str, float] = field(default_factory=dict[str, float])
    under_way_ms: dict[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    left_out: dict[str, str] = field(default_factory=dict[str, str])

    async def postgres(self, house: House) -> None:
        publisher = house.publisher
        bus = PostgresTransport(house.bus_url, publisher.clock, publisher.ids.new(), other_processes=False)
        self.events[POSTGRES] = await self._transport(house, bus, "postgres")

    async def kafka(self, house: House, folder: Path) -> None:
        try:
            with brokers(folder) as (ours, theirs, settings):
                topic = Topics(theirs.prefix, CATALOGUE).of("agreement.paid")
                self.events[AIOKAFKA] = await aiokafka_alone(
                    theirs, topic.name, settings.partitions_count, self.events_count
                )
                bus = KafkaTransport(ours, house.publisher.ids.new())
                self.events[KAFKA] = await self._transport(house, bus, "kafka")
        except StartRefused as refusal:
            self.left_out["kafka"] = refusal.line

    async def nats(self, folder: Path) -> None:
        events_a_second = await jetstream(folder, self.events_count)
        if events_a_second is None:
            self.left_out[NATS] = "the group bench is not installed: make bench brings it"
        else:
            self.events[NATS] = events_a_second

    async def _transport(self, house: House, bus: Transport, name: str) -> float:
        await bus.open()
        try:
            events_a_second = await outbox_to_inbox(house, bus, self.events_count, f"{name}-many")
            times = await under_way(house, bus, self.seconds, f"{name}-easy")
        finally:
            await bus.close()
        self.under_way_ms[name] = {
            f"p{hundredths}": percentile(times, hundredths) * 1_000 for hundredths in (50, 99)
        }
        return events_a_second


def _show(figures: Figures) -> None:
    console = Console()
    events = Table(title="Events from outbox to inbox")
    for heading in ("what", "events/s", "p50 ms at 1,000/s", "p99 ms"):
        events.add_column(heading, justify="left" if heading == "what" else "right")
    for name, per_second in figures.events_per_second.items():
        times = figures.under_way_ms.get(name.partition(":")[0])
        spelled = ("", "") if times is None else (f"{times['p50']:.1f}", f"{times['p99']:.1f}")
        events.add_row(name, f"{per_second:,.0f}", *spelled)
    console.print(events)
    inserts = Table(title=f"Inserts of {WRITERS} writers on the postgres bus")
    inserts.add_column("readers are")
    inserts.add_column("inserts/s", justify="right")
    for kind, per_second in figures.inserts_per_second.items():
        inserts.add_row(kind, f"{per_second:,.0f}")
    console.print(inserts)
    for name, reason in figures.left_out.items():
        console.print(f"left out: {name}: {reason}")
    show_goals(console, figures.goals(), "relay, consumer, databases and brokers together")
