"""Writes to integrators' topics what unions make public: a process of a deployment with Kafka."""

PUBLISHER = "publisher"
"""Process, user of Kafka and consumer group."""
