"""What a broker is told: KRaft combined mode, three listeners, each with SASL, one super user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OPERATOR = "operator"
LOOPBACK = "127.0.0.1"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
# The broker forgets where an idle group stands after seven days by itself: its group would begin again
# without a word, and facts that it never saw would be gone. Thirty years is as long as it can be told.
OFFSETS_KEPT_MINUTES = 30 * 365 * 24 * 60


@dataclass(frozen=True, slots=True)
class BrokerPorts:
    """Where one broker listens: for the other brokers' quorum, for services, for integrators."""

    controller: int
    internal: int
    external: int


def broker_properties(
    number: int,
    ports: Sequence[BrokerPorts],
    data: Path,
    operator_password: str,
    external_address: str = LOOPBACK,
    group_session_min_ms: int = 6_000,
) -> Mapping[str, str]:
    """`server.properties` of broker `number`, counted from 1, of as many as there are ports."""
    mine = ports[number - 1]
    copies = str(min(3, len(ports)))
    in_sync = str(max(1, len(ports) - 1))
    voters = ",".join(f"{one}@{LOOPBACK}:{port.controller}" for one, port in enumerate(ports, start=1))
    as_operator = f'username="{OPERATOR}" password="{operator_password}"'
    return {
        "process.roles": "broker,controller",
        "node.id": str(number),
        "controller.quorum.voters": voters,
        "log.dirs": str(data),
        "listeners": f"CONTROLLER://{LOOPBACK}:{mine.controller},INTERNAL://{LOOPBACK}:{mine.internal},"
        f"EXTERNAL://{external_address}:{mine.external}",
        "advertised.listeners": f"INTERNAL://{LOOPBACK}:{mine.internal},"
        f"EXTERNAL://{external_address}:{mine.external}",
        "listener.security.protocol.map": "CONTROLLER:SASL_PLAINTEXT,INTERNAL:SASL_PLAINTEXT,"
        "EXTERNAL:SASL_PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "INTERNAL",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        # SCRAM's secrets are in the quorum's log, which the quorum cannot read before it has met.
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": f"{_PLAIN} required {as_operator} "
        f'user_{OPERATOR}="{operator_password}";',
        "listener.name.internal.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required {as_operator};",
        "listener.name.external.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required;",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": f"User:{OPERATOR}",
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "16",
        "offsets.retention.minutes": str(OFFSETS_KEPT_MINUTES),
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        # A killed broker may come back when its session is over, and only then do others lead for it.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "1000",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": str(group_session_min_ms),
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": str(16 * 1_048_576),
    }


def written(properties: Mapping[str, str]) -> str:
    """The text of a properties file. Backslashes begin escapes there."""
    return "".join(f"{name}={value.replace(chr(92), chr(92) * 2)}\n" for name, value in properties.items())
