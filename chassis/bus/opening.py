"""Which transport a deployment's bus has: its address says so."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from events.catalogue import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from chassis.bus.transport import Transport
    from chassis.clock import Clock
    from events.declaration import Event


class BusUrlWrong(ValueError):
    """The address of the bus leads to no transport. The text never repeats the address: it has a password."""


def transport_of(
    url: str,
    clock: Clock,
    process_id: UUID,
    *,
    other_processes: bool = True,
    catalogue: Mapping[str, type[Event]] = CATALOGUE,
) -> Transport:
    """The bus at `postgresql://...` or `kafka://...`, not yet opened. Raises BusUrlWrong.

    `process_id` is an id of this process; `other_processes` is off where one process is all there is.
    """
    match urlsplit(url).scheme:
        case "postgresql" | "postgres":
            from chassis.bus.postgres.transport import PostgresTransport

            return PostgresTransport(
                url, clock, process_id, other_processes=other_processes, catalogue=catalogue
            )
        case "kafka":
            from chassis.bus.kafka import KafkaAddress, KafkaAddressWrong, KafkaTransport

            try:
                address = KafkaAddress.read(url)
            except KafkaAddressWrong as error:
                raise BusUrlWrong(str(error)) from None
            return KafkaTransport(address, process_id, catalogue=catalogue)
        case scheme:
            raise BusUrlWrong(f"the bus is at postgresql:// or kafka://, not at {scheme or 'no'}://")
