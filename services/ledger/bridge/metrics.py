"""Prometheus figures of the bridge."""

from prometheus_client import Counter, Gauge

indexed_block = Gauge("guildhall_bridge_indexed_block", "The last block whose logs were read")
finalized_block = Gauge("guildhall_bridge_finalized_block", "The newest final block of the chain")
stuck = Gauge("guildhall_bridge_stuck", "1 while the chain cannot be read or does not fit what was read")
waiting_transactions = Gauge("guildhall_bridge_waiting_transactions", "Transactions that are not final yet")
attempts_total = Counter("guildhall_bridge_attempts_total", "Signed transactions handed to the node")
rewinds_total = Counter("guildhall_bridge_rewinds_total", "Times that the chain had left what was read")
