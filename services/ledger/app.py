"""The ledger: the only place where its parts are joined."""

from fastapi import FastAPI

from chassis.auth.service_keys import ServiceKeys
from chassis.peers import Peers
from chassis.service import ServiceParts, Surroundings, build_service
from services.ledger.api import accounts, journal, runs, statements, transfers
from services.ledger.api.problems import LEDGER_PROBLEMS
from services.ledger.consumers import ledger_consumers
from services.ledger.settings import LedgerSettings
from services.ledger.store.tables import SCHEMA
from services.ledger.timers import ledger_timers

ROUTERS = (accounts.router, statements.router, transfers.router, runs.router, journal.router)


def create_app(settings: LedgerSettings, surroundings: Surroundings) -> FastAPI:
    """The service as an ASGI application."""
    keys = ServiceKeys.load(
        SCHEMA.service, settings.service_key_file, settings.service_keys_file, surroundings.clock
    )
    peers = Peers(surroundings.transports, keys, settings.peer_timeout_seconds)
    parts = ServiceParts(
        schema=SCHEMA,
        routers=ROUTERS,
        problems=LEDGER_PROBLEMS,
        consumers=ledger_consumers(peers, settings.grants_at_once_max),
        timers=ledger_timers(peers, settings.grants_at_once_max),
    )
    return build_service(parts, settings, surroundings)
