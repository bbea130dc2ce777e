"""`guildhall audit`: opens the databases of a folder, audits them, reports."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

import orjson
from rich.console import Console

from chassis.clock import SystemClock
from guildhall.audit.report import as_json as report_as_json
from guildhall.audit.report import print_report
from guildhall.audit.run import Unreadable, Verdict, audit
from guildhall.embedded.opened import KAFKA_URL_FILE, opened_databases
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

CLEAN, BROKEN, UNREADABLE = 0, 1, 2


def audit_folder(settings: GuildhallSettings, *, as_json: bool) -> int:
    """The exit code: 0 when every promise holds, 1 when one is broken, 2 when nothing could be read."""
    try:
        with opened_databases(settings) as urls:
            return audit_databases(urls, as_json=as_json, kafka_url=_kafka_url(settings))
    except StartRefused as refusal:
        return _unreadable(refusal.line)


def _kafka_url(settings: GuildhallSettings) -> str | None:
    """The operator's address of the bus, where it is on Kafka."""
    file = settings.folder / KAFKA_URL_FILE
    return file.read_text() if file.exists() else None


def audit_databases(urls: Mapping[str, str], *, as_json: bool, kafka_url: str | None = None) -> int:
    """As audit_folder, for databases that run. `urls`: by service, and the bus'."""
    try:
        verdicts = asyncio.run(audit(urls, SystemClock(), kafka_url=kafka_url))
    except Unreadable as unreadable:
        return _unreadable(str(unreadable))
    return report(verdicts, as_json=as_json)


def report(verdicts: list[Verdict], *, as_json: bool) -> int:
    """Print it; the exit code."""
    if as_json:
        print(orjson.dumps(report_as_json(verdicts), option=orjson.OPT_INDENT_2).decode())
    else:
        print_report(verdicts, Console(highlight=False))
    return CLEAN if all(verdict.holds for verdict in verdicts) else BROKEN


def _unreadable(line: str) -> int:
    sys.stderr.write(f"guildhall: {' '.join(line.split())}\n")
    return UNREADABLE
