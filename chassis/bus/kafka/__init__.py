"""The transport of the bus on Apache Kafka."""

from chassis.bus.kafka.address import KafkaAddress, KafkaAddressWrong
from chassis.bus.kafka.transport import KafkaTransport

__all__ = ["KafkaAddress", "KafkaAddressWrong", "KafkaTransport"]
