"""The graph service: the only place where its parts are joined."""

from collections.abc import Sequence

from fastapi import FastAPI

from chassis.reading import AwaitedEvent
from chassis.service import Chassis, ServiceParts, Surroundings, build_service
from events.graph import BacklinkState, VoiceState
from events.identity import MembershipState
from services.graph.api import (
    backlink_imports,
    backlink_proposals,
    backlinks,
    leader_explanations,
    leaders,
    voice,
    voice_trees,
)
from services.graph.api.problems import PROBLEMS
from services.graph.consumers import graph_consumers
from services.graph.engine.engine import GraphEngine
from services.graph.settings import GraphSettings
from services.graph.store.tables import SCHEMA
from services.graph.timers import timers

ROUTERS = (
    backlinks.router,
    voice.router,
    leaders.router,
    leader_explanations.router,
    voice_trees.router,
    backlink_imports.router,
    backlink_proposals.router,
)
schema = SCHEMA
ENGINE_TYPES = frozenset(event.declaration.type for event in (BacklinkState, VoiceState, MembershipState))


def create_app(settings: GraphSettings, surroundings: Surroundings) -> FastAPI:
    """The service as an ASGI application; its lifespan runs the engine beside the requests."""

    async def tail(_: Chassis) -> None:
        await engine.tail()

    def wake() -> None:
        engine.wake()

    parts = ServiceParts(
        schema=SCHEMA,
        routers=ROUTERS,
        problems=PROBLEMS,
        consumers=graph_consumers(wake),
        timers=timers,
        background={"engine": tail},
    )
    app = build_service(parts, settings, surroundings)
    chassis: Chassis = app.state.chassis
    engine = GraphEngine(chassis.database, chassis.unit, chassis.clock, settings)
    app.state.engine = engine

    async def engine_has(events: Sequence[AwaitedEvent]) -> bool:
        if any(event.type in ENGINE_TYPES for event in events):
            await engine.catch_up()
        return True

    chassis.own_writes.also.append(engine_has)
    return app
