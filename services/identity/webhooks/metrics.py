"""Prometheus figures of webhooks."""

from prometheus_client import Counter, Gauge, Histogram

attempts_total = Counter(
    "guildhall_webhook_attempts_total", "Sendings to webhooks, by what came of them", ["outcome"]
)
attempt_seconds = Histogram("guildhall_webhook_attempt_seconds", "How long an endpoint took")
waiting_deliveries = Gauge("guildhall_webhook_waiting_deliveries", "Events on their way to webhooks")
overdue_seconds = Gauge("guildhall_webhook_overdue_seconds", "How long the longest has been due")
