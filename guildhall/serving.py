"""How a process serves an application: uvicorn, until it is told to stop; open requests end first."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Coroutine, Generator
from typing import Any, Protocol, runtime_checkable

import uvicorn
from starlette.types import ASGIApp

from guildhall.settings import GuildhallSettings

COLLECTED_AFTER_OBJECTS = 100_000
IDLE_CONNECTION_SECONDS = 75
"""Longer than those who connect keep an unused one: they close it, and never send into one that is closed."""


@runtime_checkable
class EndsStreams(Protocol):
    """An application whose answers may go on for ever: a stop that waits for them would wait for these."""

    def stop_streams(self) -> None: ...


def run(work: Coroutine[Any, Any, None]) -> None:
    """On the fast loop where the system has it."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


async def serve_application(
    application: ASGIApp, settings: GuildhallSettings, sockets: list[socket.socket], said_when_ready: str
) -> None:
    """Returns when told to stop by SIGTERM or Ctrl-C."""
    server = Server(configuration(application, settings), said_when_ready)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.handle_exit, number, None)
    # What start-up made lives as long as the process: the collector need not look at it (of 400,000 objects
    # it would let go of 2,000), and what requests make is freed by reference counts nearly always.
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER_OBJECTS, 20, 20)
    gc.enable()
    await server.serve(sockets)


def configuration(application: ASGIApp, settings: GuildhallSettings) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        lifespan="off",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=IDLE_CONNECTION_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


class Server(uvicorn.Server):
    """Signals are the runtime's: uvicorn would raise them again before the rest is stopped."""

    def __init__(self, how: uvicorn.Config, said_when_ready: str) -> None:
        super().__init__(how)
        self._said_when_ready = said_when_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if isinstance(self.config.app, EndsStreams):
            self.config.app.stop_streams()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._said_when_ready, flush=True)
