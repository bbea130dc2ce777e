"""Events as the transports' own tests append them."""

from __future__ import annotations

from chassis.bus.envelope import Envelope
from chassis.clock import ManualClock
from chassis.ids import IdSource
from tests.chassis.bus.doubles import PAID


def envelopes(ids: IdSource, clock: ManualClock, count: int, *, is_state: bool = False) -> list[Envelope]:
    """Events of as many keys; a state's or a fact's, with growing sequences."""
    return [
        Envelope(
            id=ids.new(),
            source="/services/market",
            type="offer" if is_state else PAID,
            key=f"key {number}",
            time=clock.now(),
            data=b"{}",
            is_state=is_state,
            sequence=number + 1,
        )
        for number in range(count)
    ]
