"""Funding, joined: the only place where its parts meet."""

from fastapi import FastAPI

from chassis.service import ServiceParts, Surroundings, build_service
from services.funding.api import pledges, projects, summary
from services.funding.api.problems import FUNDING_PROBLEMS
from services.funding.consumers import funding_consumers
from services.funding.intents import funding_intents
from services.funding.settings import FundingSettings
from services.funding.store.tables import SCHEMA
from services.funding.timers import funding_timers


def create_app(settings: FundingSettings, surroundings: Surroundings) -> FastAPI:
    parts = ServiceParts(
        schema=SCHEMA,
        routers=(projects.router, pledges.router, summary.router),
        problems=FUNDING_PROBLEMS,
        consumers=funding_consumers(settings),
        timers=funding_timers(),
        intents=funding_intents(settings),
    )
    return build_service(parts, settings, surroundings)
