"""`guildhall events parked` and `retry`: what a consumer could not take, and taking it after all."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from chassis.inbox.parking import ParkedEvent, parked_events, retry_parked
from guildhall.events.operated import Operated

PAGE = 100


async def parked(house: Operated, service: str | None) -> AsyncGenerator[tuple[str, ParkedEvent]]:
    """By service, oldest first. Raises StartRefused."""
    for chassis in house.consuming(service):
        after = 0
        while page := await parked_events(chassis.unit, chassis.parts.consumers.group, after, PAGE):
            for event in page:
                yield chassis.service, event
            after = page[-1].sequence


async def print_parked(house: Operated, service: str | None, *, as_json: bool) -> int:
    """0 where nothing is parked, else 1."""
    found = [(name, event) async for name, event in parked(house, service)]
    if as_json:
        print(orjson.dumps([_document(name, event) for name, event in found], default=str).decode())
    elif not found:
        print("Nothing is parked.")
    else:
        _print_table(found)
    return 1 if found else 0


async def retry(house: Operated, service: str | None, key: str | None) -> int:
    """0 where nothing is left parked, else 1. Raises StartRefused."""
    total_left = 0
    for chassis in house.consuming(service):
        passed_count, left_count = await retry_parked(chassis.unit, chassis.parts.consumers, key)
        print(f"{chassis.service}: {passed_count} consumed, {left_count} still parked")
        total_left += left_count
    return 1 if total_left else 0


def _document(service: str, event: ParkedEvent) -> dict[str, Any]:
    return {"service": service, **dataclasses.asdict(event)}


def _print_table(found: list[tuple[str, ParkedEvent]]) -> None:
    table = Table("service", "type", "key", "tries", "parked at", "error", box=None)
    for service, event in found:
        at = event.parked_at.isoformat(timespec="seconds")
        table.add_row(service, event.type, event.key, str(event.tries_count), at, event.error)
    Console(soft_wrap=True).print(table)
    print("Mend what the error names, then: guildhall events retry")
