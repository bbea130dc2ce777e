"""The services of a deployment as applications that nobody serves, for an operator beside a running one.

What an act does by them has its effect in the databases, as if a replica more had done it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from chassis.auth.keys import KeyFileWrong
from chassis.auth.service_keys import JWKS_FILE_NAME
from chassis.bus.postgres.transport import PostgresTransport
from chassis.bus.transport import Transport
from chassis.ids import IdSource
from chassis.outages import is_outage
from chassis.service import Chassis, Surroundings
from guildhall.embedded.deployment import DeploymentPlan, InProcessTransports, build_services
from guildhall.embedded.opened import opened_cluster
from guildhall.embedded.runtime import plan_of
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

LOOK_MS = 250
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Operated:
    """`chassis`: by service."""

    chassis: Mapping[str, Chassis]
    bus: Transport

    def consuming(self, service: str | None = None) -> list[Chassis]:
        """The services that have a group, or the one of this name. Raises StartRefused."""
        having = {name: one for name, one in self.chassis.items() if one.parts.consumers.types}
        if service is None:
            return list(having.values())
        if service not in having:
            raise StartRefused(f"{service} has no group of events: {', '.join(having)} have")
        return [having[service]]


def built(
    plan: DeploymentPlan, bus: Transport | None = None, ids: IdSource | None = None
) -> dict[str, Chassis]:
    """The services, which open nothing until they are used. Raises StartRefused."""
    drawn = ids or IdSource(plan.clock)
    transports = InProcessTransports()
    on = bus or PostgresTransport(plan.databases[BUS].url, plan.clock, drawn.new(), look_ms=LOOK_MS)
    surroundings = Surroundings(plan.clock, drawn, transports, on)
    try:
        apps = build_services(plan, surroundings, transports, plan.keys_folder / JWKS_FILE_NAME)
    except KeyFileWrong as error:
        raise StartRefused(str(error)) from None
    return {service: apps[service].state.chassis for service in SERVICES}


@asynccontextmanager
async def operated(plan: DeploymentPlan, bus: Transport, ids: IdSource) -> AsyncGenerator[Operated]:
    """`bus` is opened and closed here, whichever transport it is."""
    house = Operated(built(plan, bus, ids), bus)
    await bus.open()
    try:
        yield house
    finally:
        for chassis in house.chassis.values():
            await chassis.settler.stop()
            await chassis.database.close()
        await bus.close()


def in_folder(settings: GuildhallSettings, act: Callable[[Operated], Awaitable[Result]]) -> Result:
    """Does it on the databases of a data folder, running or not. Raises StartRefused."""
    with opened_cluster(settings) as (cluster, passwords):
        plan = plan_of(settings, settings.folder.absolute(), cluster, passwords)
        return asyncio.run(_done(plan, act))


async def _done(plan: DeploymentPlan, act: Callable[[Operated], Awaitable[Result]]) -> Result:
    ids = IdSource(plan.clock)
    bus = PostgresTransport(plan.databases[BUS].url, plan.clock, ids.new(), look_ms=LOOK_MS)
    try:
        async with operated(plan, bus, ids) as house:
            return await act(house)
    except Exception as error:
        if is_outage(error):
            raise StartRefused(f"the databases do not answer: {error}") from None
        raise
