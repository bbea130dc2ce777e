"""`guildhall cluster`: the services of the compose file on one data folder, with the chain beside them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

from guildhall.cluster.placing import LoopbackNetwork
from guildhall.cluster.processes import ClusterPlan, ClusterProcesses
from guildhall.data_folder import refuse_unfit
from guildhall.devnet.launcher import keep_devnet
from guildhall.embedded.chain import Chain, started_chain
from guildhall.embedded.folder_lock import FolderLock
from guildhall.settings import GuildhallSettings

STORES = frozenset({"secrets", "postgres", "kafka"})
"""What keeps the data, and what makes the passwords to it."""


def serve_cluster(plan: ClusterPlan, settings: GuildhallSettings) -> None:
    """Returns when told to stop by SIGTERM or Ctrl-C. Raises StartRefused."""
    folder = plan.folder.absolute()
    with FolderLock(folder):
        refuse_unfit(folder)
        with started_chain(folder, settings) as chain:
            asyncio.run(_serve(replace(plan, variables=dict(plan.variables) | _told_of(chain)), chain))


@asynccontextmanager
async def stores_running(plan: ClusterPlan) -> AsyncGenerator[None]:
    """PostgreSQL and Kafka of the folder, whose lock the caller holds, and nothing that uses them."""
    network = LoopbackNetwork()
    try:
        processes = ClusterProcesses(replace(plan, only=STORES), network.number)
        async with processes.running(asyncio.Event()):
            yield
    finally:
        network.release()


async def _serve(plan: ClusterPlan, chain: Chain) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, told.set)
    network = LoopbackNetwork()
    keeping = None if chain.devnet is None else asyncio.create_task(keep_devnet(chain.devnet))
    try:
        processes = ClusterProcesses(plan, network.number)
        async with processes.running(told):
            if not told.is_set():
                print(_said(plan, processes, chain), flush=True)
                await told.wait()
    finally:
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        network.release()


def _told_of(chain: Chain) -> dict[str, str]:
    """What the compose file's variables say of the chain; nothing where there is none."""
    return {} if chain.url is None else {"ETH_RPC_URL": chain.url, "ETH_CHAIN_ID": str(chain.chain_id)}


def _said(plan: ClusterPlan, processes: ClusterProcesses, chain: Chain) -> str:
    return "\n".join(
        [
            f"Guildhall serves at {processes.url}",
            f"  API      {processes.url}/docs",
            f"  data     {plan.folder.absolute()}",
            f"  chain    {chain.described()}",
            *([f"  off      {chain.off}"] if chain.off else []),
            *processes.listed(),
            "Ctrl-C stops it; everything stays in the data folder.",
        ]
    )
