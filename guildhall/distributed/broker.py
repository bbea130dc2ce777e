"""What the broker of a deployment of many processes is told: the launched one's properties elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from guildhall.kafka.properties import BrokerPorts, broker_properties, written

DATA = Path("/var/lib/kafka/data")


def broker_files(
    internal: str, controller: str, external: str, operator_password: str, cluster_id: str, advertised: str
) -> Mapping[str, bytes]:
    """`server.properties` and what formats its folder; it listens on these places, `host:port`; integrators
    reach the external one at `advertised`."""
    ports = BrokerPorts(*(int(place.rpartition(":")[2]) for place in (controller, internal, external)))
    told = dict(broker_properties(1, [ports], DATA, operator_password))
    told |= {
        "controller.quorum.voters": f"1@{controller}",
        "listeners": f"CONTROLLER://{controller},INTERNAL://{internal},EXTERNAL://{external}",
        "advertised.listeners": f"INTERNAL://{internal},EXTERNAL://{advertised}",
    }
    del told["log.dirs"]
    return {
        "server.properties": written(told).encode(),
        "operator-password": operator_password.encode(),
        "cluster-id": cluster_id.encode(),
    }
