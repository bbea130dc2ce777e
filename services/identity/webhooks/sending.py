"""From rows to endpoints: a process leases a webhook and sends it one event after the other.

A crash between an answer and its row sends once more, under the same id: at least once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.egress.late import LateEgress, NotAnswered
from chassis.ids import random_chance
from chassis.retries import Retries
from chassis.rounds import Rounds
from services.identity.webhooks import metrics
from services.identity.webhooks.domain.delivery import Attempt, Delivery
from services.identity.webhooks.signing import signed_headers
from services.identity.webhooks.store.deliveries import next_due, waiting_figures
from services.identity.webhooks.store.webhooks import extend_lease, lease_due
from services.identity.webhooks.use_cases.note_attempt import Patience, note_attempt

if TYPE_CHECKING:
    from chassis.egress.client import EgressAnswer
    from chassis.service import Chassis
    from services.identity.settings import IdentitySettings
    from services.identity.webhooks.domain.webhook import Webhook

LEASE_SLACK_SECONDS = 20


class Sending:
    """`warnings`: what an operator should know."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._patience = Patience(
            Retries(
                settings.webhook_tries_max,
                settings.webhook_retry_first_seconds,
                settings.webhook_retry_longest_seconds,
            ),
            timedelta(seconds=settings.webhook_pause_max_seconds),
            timedelta(seconds=settings.webhook_failing_max_seconds),
        )
        self._lease = timedelta(seconds=settings.webhook_timeout_seconds + LEASE_SLACK_SECONDS)
        self._egress = LateEgress(
            settings.webhook_timeout_seconds,
            settings.webhook_answer_max_bytes,
            settings.webhooks_at_once_max,
            loopback_allowed=settings.egress_loopback_allowed,
        )
        self._rounds = Rounds("webhooks", settings.webhooks_at_once_max, settings.webhook_poll_ms / 1_000)
        self.wake = self._rounds.wake
        self.settle = self._rounds.settle

    def warnings(self) -> list[str]:
        if self._settings.egress_loopback_allowed:
            return [
                "webhooks and pushes may go to this machine: IDENTITY_EGRESS_LOOPBACK_ALLOWED is for tests"
            ]
        return []

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled."""
        try:
            await self._rounds.run(lambda: self.look(chassis))
        finally:
            await self._egress.close()

    async def look(self, chassis: Chassis) -> int:
        """Begin a round for each webhook that is due, as many as may run; returns how many."""
        free = self._rounds.free_count
        if free <= 0:
            return 0
        async with chassis.unit(f"service:{chassis.service}") as unit:
            raw = await unit.raw()
            leased = await lease_due(raw, unit.now, self._lease, free)
            if self._rounds.is_time_to_count(unit.now):
                waiting, overdue = await waiting_figures(raw, unit.now)
                metrics.waiting_deliveries.set(waiting)
                metrics.overdue_seconds.set(overdue)
        for webhook in leased:
            self._rounds.begin(self._round(chassis, webhook))
        return len(leased)

    async def _round(self, chassis: Chassis, webhook: Webhook) -> None:
        """Some of what is due to a webhook, in order; then its lease is given back."""
        present: Webhook | None = webhook
        for _ in range(self._settings.webhook_round_max):
            delivery = await self._next(chassis, present)
            if present is None or delivery is None:
                break
            attempt = await self._send(chassis, present, delivery)
            async with chassis.unit(f"service:{chassis.service}") as unit:
                present = await note_attempt(
                    unit, delivery, present, attempt, self._patience, random_chance()
                )
        async with chassis.unit(f"service:{chassis.service}") as unit:
            await extend_lease(await unit.raw(), webhook.id, None)

    async def _next(self, chassis: Chassis, webhook: Webhook | None) -> Delivery | None:
        """What is due, and a lease that outlasts its sending; None also while the endpoint is left alone."""
        if webhook is None:
            return None
        async with chassis.unit(f"service:{chassis.service}") as unit:
            if webhook.paused_until is not None and webhook.paused_until > unit.now:
                return None
            raw = await unit.raw()
            await extend_lease(raw, webhook.id, unit.now + self._lease)
            return await next_due(raw, webhook.id, unit.now)

    async def _send(self, chassis: Chassis, webhook: Webhook, delivery: Delivery) -> Attempt:
        now = chassis.clock.now()
        try:
            headers = signed_headers(webhook.secrets_at(now), str(delivery.event_id), delivery.body, now)
            answer = await self._egress.post(webhook.url, delivery.body, headers)
        except NotAnswered as failed:
            metrics.attempts_total.labels(outcome="no answer").inc()
            return Attempt(now, 0, error=failed.reason)
        metrics.attempts_total.labels(outcome=f"{answer.status // 100}xx").inc()
        metrics.attempt_seconds.observe(answer.took_ms / 1_000)
        return Attempt(now, answer.took_ms, answer.status, None, _retry_after_seconds(answer))


def _retry_after_seconds(answer: EgressAnswer) -> int | None:
    """Seconds alone: a date would make the pause depend on two clocks."""
    told = answer.headers.get("retry-after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 9 else None
