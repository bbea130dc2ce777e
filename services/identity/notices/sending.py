"""From rows to mail servers and push services: a process leases an address and sends it one message.

A crash between the message and its row sends it once more, under the same id: at least once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.ids import random_chance
from chassis.rounds import Rounds
from services.identity.notices import metrics
from services.identity.notices.channels.email import EmailChannel
from services.identity.notices.channels.push import PushChannel
from services.identity.notices.domain.address import Address, ChannelKind, Outcome
from services.identity.notices.store.addresses import lease_due, waiting_figures
from services.identity.notices.use_cases.tell_address import draft_message, note_outcome

if TYPE_CHECKING:
    from chassis.service import Chassis
    from services.identity.settings import IdentitySettings

LEASE_SLACK_SECONDS = 20


class NoticeSending:
    """`push`: what browsers subscribe with, also where nothing is sent by push."""

    def __init__(self, settings: IdentitySettings, push: PushChannel) -> None:
        self._settings = settings
        self._email = EmailChannel(settings)
        self._push = push
        self._kinds = [
            kind
            for kind, is_there in (
                (ChannelKind.EMAIL, settings.has_email),
                (ChannelKind.PUSH, settings.has_push),
            )
            if is_there
        ]
        self._lease = timedelta(seconds=settings.notice_timeout_seconds + LEASE_SLACK_SECONDS)
        self._rounds = Rounds("notices", settings.notices_at_once_max, settings.notice_poll_ms / 1_000)
        self.settle = self._rounds.settle

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled; at once where members are told nowhere but on the page."""
        try:
            if self._kinds:
                await self._rounds.run(lambda: self.look(chassis))
        finally:
            await self._push.close()

    async def look(self, chassis: Chassis) -> int:
        """Begin to send what is due, as much as may be sent at once; returns how many messages."""
        free = self._rounds.free_count
        if free <= 0:
            return 0
        async with chassis.unit(f"service:{chassis.service}") as unit:
            leased = await lease_due(unit, self._kinds, self._lease, free)
            if self._rounds.is_time_to_count(unit.now):
                waiting, overdue = await waiting_figures(unit, self._kinds)
                metrics.waiting_messages.set(waiting)
                metrics.overdue_seconds.set(overdue)
        for address in leased:
            self._rounds.begin(self._tell(chassis, address))
        return len(leased)

    async def _tell(self, chassis: Chassis, address: Address) -> None:
        actor = f"service:{chassis.service}"
        async with chassis.unit(actor) as unit:
            draft = await draft_message(unit, self._settings, address)
        outcome = Outcome()
        if draft.message is not None:
            if address.kind is ChannelKind.EMAIL:
                outcome = await self._email.send(address.mailbox, draft.message, chassis.clock.now())
            else:
                outcome = await self._push.send(address, draft.message)
            said = "taken" if outcome.fault is None else "gone" if outcome.is_gone else "failed"
            metrics.messages_total.labels(address.kind.value, said).inc()
        async with chassis.unit(actor) as unit:
            await note_outcome(unit, self._settings, address.id, draft, outcome, random_chance())
