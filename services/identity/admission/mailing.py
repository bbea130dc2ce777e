"""Invitations by e-mail: a process leases those that are due and sends each, as notices are sent.

A crash between the message and its row sends it once more, under the same id: at least once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.ids import random_chance
from chassis.rounds import Rounds
from services.identity.admission.use_cases.send_invitation import (
    Due,
    invitation_message,
    lease_invitations,
    note_sent,
)
from services.identity.notices import metrics
from services.identity.notices.channels.email import EmailChannel
from services.identity.notices.domain.address import Outcome

if TYPE_CHECKING:
    from chassis.service import Chassis
    from services.identity.settings import IdentitySettings

LEASE_SLACK_SECONDS = 20
WHY = "why-invited"


class InvitationMailing:
    """`key`: what links are derived from."""

    def __init__(self, settings: IdentitySettings, key: bytes) -> None:
        self._settings = settings
        self._key = key
        self._email = EmailChannel(settings)
        self._lease = timedelta(seconds=settings.notice_timeout_seconds + LEASE_SLACK_SECONDS)
        self._rounds = Rounds("invitations", settings.notices_at_once_max, settings.notice_poll_ms / 1_000)
        self.settle = self._rounds.settle

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled; at once where nothing is sent by e-mail."""
        if self._settings.has_email:
            await self._rounds.run(lambda: self.look(chassis))

    async def look(self, chassis: Chassis) -> int:
        """Begin to send what is due, as much as may be sent at once; returns how many messages."""
        free = self._rounds.free_count
        if free <= 0:
            return 0
        async with chassis.unit(f"service:{chassis.service}") as unit:
            leased = await lease_invitations(unit, self._lease, free)
        for due in leased:
            self._rounds.begin(self._send(chassis, due))
        return len(leased)

    async def _send(self, chassis: Chassis, due: Due) -> None:
        if due.fault is not None:
            outcome = Outcome(due.fault, is_gone=True)
        else:
            mailbox, message = invitation_message(due.mail, self._settings.public_url, self._key)
            outcome = await self._email.send(mailbox, message, chassis.clock.now(), WHY)
            said = "taken" if outcome.fault is None else "gone" if outcome.is_gone else "failed"
            metrics.messages_total.labels("email", said).inc()
        async with chassis.unit(f"service:{chassis.service}") as unit:
            await note_sent(unit, self._settings, due.mail, outcome, random_chance())
