"""`guildhall doctor`: looks at everything, also where there is nothing yet, and says what it saw."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from rich.console import Console

from chassis.clock import Clock
from chassis.service import Chassis
from events.catalogue import CATALOGUE
from events.declaration import EventClass
from guildhall.doctor.databases import database_findings
from guildhall.doctor.finding import Finding, Level
from guildhall.doctor.folder import folder_findings
from guildhall.doctor.machine import machine_findings
from guildhall.doctor.settings import notice_channels, settings_findings
from guildhall.embedded.deployment import DeploymentPlan
from guildhall.embedded.opened import PASSWORDS_FILE, opened_cluster, superuser_urls
from guildhall.embedded.runtime import plan_of
from guildhall.events.operated import built
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings

if TYPE_CHECKING:
    from services.identity.notices.settings import NoticeSettings

WELL, TROUBLED = 0, 1
BUS_CONNECTIONS = 5
"""Of one process: its pool and its side connection."""
_COLOURS = {
    Level.WELL: "green",
    Level.OFF: "dim",
    Level.CHANGED: "cyan",
    Level.UNSAFE: "yellow",
    Level.BROKEN: "red",
}


def examine(settings: GuildhallSettings, clock: Clock) -> Iterator[Finding]:
    """Everything, in the order in which it is mended best."""
    environment_file = Path(ENVIRONMENT_FILE)
    try:
        yield from settings_findings(settings, _trusted_proxies(), environment_file)
        yield from notice_channels(_notice_settings().channels_off)
    except (StartRefused, ValueError) as error:
        said = error.line if isinstance(error, StartRefused) else str(error)
        yield Finding(Level.BROKEN, "settings.readable", said, "correct the setting that the line names")
    yield from machine_findings()
    folder = settings.folder.absolute()
    if not (folder / PASSWORDS_FILE).exists():
        yield Finding(Level.OFF, "folder.made", f"{folder} is no data folder yet", "guildhall up makes it")
        return
    yield from folder_findings(folder, settings, clock.now())
    yield from _of_databases(settings, clock)


def _of_databases(settings: GuildhallSettings, clock: Clock) -> Iterator[Finding]:
    """Beside a running Guildhall; where none runs, its PostgreSQL is started for the look."""
    try:
        with opened_cluster(settings) as (cluster, passwords):
            plan = plan_of(settings, settings.folder.absolute(), cluster, passwords)
            yield from asyncio.run(_collected(superuser_urls(cluster), plan, settings, clock))
    except StartRefused as refusal:
        yield Finding(Level.BROKEN, "databases.open", refusal.line, "see the line")


async def _collected(
    urls: dict[str, str], plan: DeploymentPlan, settings: GuildhallSettings, clock: Clock
) -> list[Finding]:
    services = built(plan)
    looked = database_findings(
        urls,
        settings,
        clock,
        budgeted_connections=budgeted_connections(services),
        groups_of_facts=groups_of_facts(services),
    )
    return [finding async for finding in looked]


def budgeted_connections(services: dict[str, Chassis]) -> int:
    """The most that one process with all services takes: writes, reads, raw reads, and the bus'."""
    return BUS_CONNECTIONS + sum(
        chassis.settings.write_connections_max + 2 * chassis.settings.read_connections_max
        for chassis in services.values()
    )


def groups_of_facts(services: dict[str, Chassis]) -> frozenset[str]:
    """Groups that take facts: of states the bus loses nothing."""
    return frozenset(
        chassis.parts.consumers.group
        for chassis in services.values()
        for name in chassis.parts.consumers.types
        if CATALOGUE[name].declaration.event_class is EventClass.FACT
    )


def report(findings: list[Finding], *, as_json: bool) -> int:
    """Print them; 1 when something is unsafe or broken, else 0."""
    troubles = [finding for finding in findings if finding.is_trouble]
    if as_json:
        document = {"well": not troubles, "findings": [_document(finding) for finding in findings]}
        print(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    else:
        _print(findings, Console(highlight=False, soft_wrap=True))
        print("Nothing to mend." if not troubles else f"To mend: {len(troubles)}")
    return TROUBLED if troubles else WELL


def _document(finding: Finding) -> dict[str, str]:
    return {"level": finding.level.value, "name": finding.name, "says": finding.says, "mend": finding.mend}


def _print(findings: list[Finding], console: Console) -> None:
    for finding in findings:
        level = finding.level
        console.print(f"[{_COLOURS[level]}]{level.value:<8}[/] ", end="")
        console.print(finding.says, markup=False)
        if finding.mend:
            console.print(f"         {finding.mend}", markup=False, style="dim")


def _trusted_proxies() -> str:
    from gateway.settings import GatewaySettings

    given = {"service_key_file": Path(), "service_keys_file": Path(), "bus_url": "given at the start"}
    return read_settings(GatewaySettings, ENVIRONMENT_FILE, **given).trusted_proxies


def _notice_settings() -> NoticeSettings:
    from services.identity.settings import IdentitySettings

    names = (
        "database_url",
        "owner_database_url",
        "bus_url",
        "service_key_file",
        "service_keys_file",
        "files_folder",
    )
    return read_settings(IdentitySettings, ENVIRONMENT_FILE, **dict.fromkeys(names, "given at the start"))
