"""The ledger: the only place where its parts are joined."""

from datetime import timedelta

from fastapi import FastAPI

from chassis.auth.service_keys import ServiceKeys
from chassis.contract_wallets import ContractWallets
from chassis.peers import Peers
from chassis.rights.standing import BusinessRights, Rights
from chassis.service import ServiceParts, Surroundings, build_service
from services.ledger.api import (
    accounts,
    allotments,
    business_payments,
    explanations,
    freezes,
    holds,
    journal,
    journal_files,
    mandates,
    past_balances,
    runs,
    schedules,
    statement_files,
    statements,
    supply,
    transfers,
    treasury_payments,
)
from services.ledger.api.problems import LEDGER_PROBLEMS
from services.ledger.bridge.api import bridge, deposits, withdrawals
from services.ledger.bridge.watch import BridgeWatch
from services.ledger.consumers import ledger_consumers
from services.ledger.lanes import Lanes
from services.ledger.settings import LedgerSettings
from services.ledger.store.tables import SCHEMA
from services.ledger.timers import ledger_timers
from services.ledger.use_cases.key_standing import KeyStanding

ROUTERS = (
    transfers.router,  # matched in this order: what is asked most comes first
    accounts.router,
    statements.router,
    past_balances.router,
    statement_files.router,
    explanations.router,
    freezes.router,
    allotments.router,
    holds.router,
    mandates.router,
    schedules.router,
    treasury_payments.router,
    business_payments.router,
    runs.router,
    supply.router,
    journal.router,
    journal_files.router,
    bridge.router,
    deposits.router,
    withdrawals.router,
)


def create_app(settings: LedgerSettings, surroundings: Surroundings) -> FastAPI:
    """The service as an ASGI application."""
    keys = ServiceKeys.load(
        SCHEMA.service, settings.service_key_file, settings.service_keys_file, surroundings.clock
    )
    peers = Peers(surroundings.transports, keys, settings.peer_timeout_seconds)
    watch = BridgeWatch(settings)
    lanes = Lanes(settings)
    parts = ServiceParts(
        schema=SCHEMA,
        routers=ROUTERS,
        problems=LEDGER_PROBLEMS,
        consumers=ledger_consumers(peers, settings.grants_at_once_max),
        timers=ledger_timers(peers, settings.grants_at_once_max),
        background={"lanes": lanes.run} | ({} if settings.eth_rpc_url is None else {"bridge": watch.run}),
        warnings=watch.faults,
    )
    app = build_service(parts, settings, surroundings)
    app.state.key_standing = KeyStanding(
        app.state.chassis.revocations.view,
        timedelta(seconds=settings.device_key_trusted_seconds),
        settings.device_keys_remembered_max,
    )
    app.state.lanes = lanes
    kept = (
        app.state.chassis.revocations.view,
        app.state.chassis.peers,
        settings.rights_remembered_ms / 1_000,
    )
    app.state.rights, app.state.business_rights = Rights(*kept), BusinessRights(*kept)
    app.state.contract_wallets = ContractWallets(settings)
    return app
