"""A folder is opened without a door: what was under way ends, then every promise is recomputed."""

from __future__ import annotations

import asyncio

from chassis.clock import SystemClock
from guildhall.audit.run import LOOKS_MAX, Unreadable, Verdict, audit
from guildhall.embedded.cluster import Cluster
from guildhall.embedded.deployment import DeploymentPlan, running
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.runtime import plan_of, prepare, started_cluster
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

LOOKS_UNTIL_SETTLED_MAX = 5 * LOOKS_MAX


def settled_audit(settings: GuildhallSettings) -> list[Verdict]:
    """Bring the folder to this release's schema, let its relays, consumers and intents run, and audit it.

    Nothing listens meanwhile. Raises StartRefused.
    """
    folder = settings.folder.absolute()
    with FolderLock(folder), started_cluster(folder, settings) as (cluster, passwords):
        plan = plan_of(settings, folder, cluster, passwords)
        return asyncio.run(_settle(plan, settings, cluster, passwords))


async def _settle(
    plan: DeploymentPlan, settings: GuildhallSettings, cluster: Cluster, passwords: Passwords
) -> list[Verdict]:
    await prepare(plan, settings.folder.absolute(), cluster, passwords)
    urls = {name: cluster.superuser_url(DatabaseRoles.of(name).database) for name in (*SERVICES, BUS)}
    async with running(plan):
        try:
            return await audit(urls, SystemClock(), LOOKS_UNTIL_SETTLED_MAX)
        except Unreadable as unreadable:
            raise StartRefused(str(unreadable)) from None
