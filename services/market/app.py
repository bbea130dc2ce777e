"""The market, joined: the only place where its parts meet."""

from fastapi import FastAPI

from chassis.files.errors import FILE_PROBLEMS
from chassis.service import ServiceParts, Surroundings, build_service
from services.market.api import agreement_files, agreements, bids, offer_photos, offers, summary
from services.market.api.problems import MARKET_PROBLEMS
from services.market.consumers import market_consumers
from services.market.intents import market_intents
from services.market.settings import MarketSettings
from services.market.store.tables import SCHEMA
from services.market.timers import market_timers


def create_app(settings: MarketSettings, surroundings: Surroundings) -> FastAPI:
    parts = ServiceParts(
        schema=SCHEMA,
        routers=(
            offers.router,
            bids.router,
            agreements.router,
            agreement_files.router,
            offer_photos.router,
            summary.router,
        ),
        problems={**MARKET_PROBLEMS, **FILE_PROBLEMS},
        consumers=market_consumers(),
        timers=market_timers(),
        intents=market_intents(settings),
    )
    return build_service(parts, settings, surroundings)
