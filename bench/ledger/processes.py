"""One union on one and on two processes of the ledger: a deployment of `guildhall serve` on a data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.gateway.served import HERE, UNLIMITED, free_port, wait_for_line
from bench.ledger.load import Sent
from bench.ledger.ours import FULL_PLAN, SINGLES_PLAN, Ours
from bench.ledger.scale import Scale
from guildhall.embedded.cluster import service_urls
from guildhall.embedded.opened import opened_cluster
from guildhall.keys import GATEWAY, MEMBER_TOKENS_KEY, keep_keys
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.reading_settings import read_guildhall_settings

STOP_SECONDS_MAX = 60
COMPARED = (FULL_PLAN, SINGLES_PLAN)
Sides = Mapping[int, Mapping[str, list[Sent]]]
"""By how many processes of the ledger were asked, by plan: one a round."""


async def posted_by_one_and_two(ours: Ours, scale: Scale) -> Sides:
    """Both sides in turn; nobody else may serve the folder. The same gateway program stands before both."""
    sides: Sides = {count: {plan.name: [] for plan in COMPARED} for count in (1, 2)}
    with served_apart(ours.deployment.folder, ours.deployment.port) as gateways:
        for _ in range(scale.rounds):
            for plan in COMPARED:
                for count, port in gateways.items():
                    sides[count][plan.name].append(await ours.post(plan, scale.requests_max, port))
    return sides


@contextmanager
def served_apart(folder: Path, port: int) -> Generator[Mapping[int, int]]:
    """The ports of two gateways, by how many processes of the ledger each has; the first one is `port`.

    Beside them run the two ledgers, identity and PostgreSQL; a service that is not needed is not there.
    """
    with opened_cluster(read_guildhall_settings(folder=folder)) as (cluster, passwords), ExitStack() as stack:
        secrets = folder / "secrets"
        shared = {
            "PUBLIC_URL": f"http://localhost:{port}",
            "BUS_URL": service_urls(cluster, passwords, BUS)[0],
            "SERVICE_KEYS_FILE": str(keep_keys(secrets)),
            "IDENTITY_SIGNING_KEY_FILE": str(secrets / MEMBER_TOKENS_KEY),
            "GATEWAY_REQUESTS_PER_MINUTE_PER_MEMBER_MAX": UNLIMITED,
        }
        identity, one, other, nobody = (free_port() for _ in range(4))
        shared |= {f"{name.upper()}_URL": _origins(nobody) for name in SERVICES}
        shared |= {"IDENTITY_URL": _origins(identity), "LEDGER_URL": _origins(one, other)}

        def start(name: str, at: int, **more: str) -> None:
            told = shared | {f"{name.upper()}_SERVICE_KEY_FILE": str(secrets / f"{name}.pem")} | more
            if name != GATEWAY:
                url, owner_url = service_urls(cluster, passwords, name)
                told |= {
                    f"{name.upper()}_DATABASE_URL": url,
                    f"{name.upper()}_OWNER_DATABASE_URL": owner_url,
                }
            stack.enter_context(_process(name, at, told))

        start("identity", identity)
        start("ledger", one)
        start("ledger", other)
        gateways = {1: port, 2: free_port()}
        start(GATEWAY, gateways[1], LEDGER_URL=_origins(one))
        start(GATEWAY, gateways[2])
        yield gateways


def _origins(*ports: int) -> str:
    return ",".join(f"http://127.0.0.1:{port}" for port in ports)


@contextmanager
def _process(name: str, port: int, told: Mapping[str, str]) -> Generator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "guildhall.command", "serve", name],
        cwd=HERE,
        env=os.environ | told | {"GUILDHALL_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_for_line(process, f"{name} serves at")
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS_MAX)
