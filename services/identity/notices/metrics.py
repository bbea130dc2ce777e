"""Prometheus figures of what is told beyond the page."""

from prometheus_client import Counter, Gauge

messages_total = Counter(
    "guildhall_notice_messages_total",
    "Messages about notices, by channel and outcome",
    ["channel", "outcome"],
)
waiting_messages = Gauge(
    "guildhall_notice_waiting_messages", "Members' addresses to which a message is due or will be"
)
overdue_seconds = Gauge("guildhall_notice_overdue_seconds", "How long the longest has been due")
