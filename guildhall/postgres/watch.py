"""Brings the server back when it alone has died."""

import asyncio
from typing import Protocol

import structlog

from guildhall.refusals import StartRefused

logger = structlog.get_logger(__name__)


class Restartable(Protocol):
    """A server that can be looked at and started again; both block."""

    def is_running(self) -> bool: ...

    def restart(self) -> None: ...


async def keep_running(server: Restartable, look_seconds: float) -> None:
    """Runs until cancelled. A restart that fails is tried again, a second later."""
    while True:
        await asyncio.sleep(look_seconds)
        if server.is_running():
            continue
        logger.warning("PostgreSQL has died and is started again")
        try:
            await asyncio.to_thread(server.restart)
        except StartRefused as refusal:
            logger.error("PostgreSQL does not start", reason=refusal.line)
            await asyncio.sleep(1)
        else:
            logger.warning("PostgreSQL is back")
