"""What an integrator is told: where, who, what, and a first consumer that runs as printed."""

from guildhall.integrators.cluster import Integrator

_PROTOCOLS = {"plaintext": "PLAINTEXT", "sasl_plaintext": "SASL_PLAINTEXT", "sasl_ssl": "SASL_SSL"}


def consumer(integrator: Integrator) -> str:
    """A program for Python with `pip install confluent-kafka`."""
    return f'''\
from confluent_kafka import Consumer

consumer = Consumer({{
    "bootstrap.servers": "{integrator.bootstrap}",
    "security.protocol": "{_PROTOCOLS[integrator.security]}", "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": "{integrator.user}", "sasl.password": "{integrator.password}",
    "group.id": "{integrator.user}", "auto.offset.reset": "earliest",
}})
consumer.subscribe(["{integrator.topic}"])
while True:
    message = consumer.poll(1)
    if message is not None and message.error() is None:
        print(dict(message.headers())["ce_type"].decode(), message.value().decode(), flush=True)
'''


def kcat(integrator: Integrator) -> str:
    """The same from a terminal: all that is kept, then it ends."""
    return (
        f"kcat -C -b {integrator.bootstrap} -X security.protocol={_PROTOCOLS[integrator.security]} "
        f"-X sasl.mechanism=SCRAM-SHA-512 -X sasl.username={integrator.user} "
        f"-X sasl.password={integrator.password} -t {integrator.topic} -o beginning -e"
    )


def introduction(integrator: Integrator) -> str:
    """All of it. The password is told this once."""
    return f"""\
bootstrap  {integrator.bootstrap}
security   {_PROTOCOLS[integrator.security]}, SCRAM-SHA-512
user       {integrator.user}
password   {integrator.password}
topic      {integrator.topic}
groups     {integrator.user}, and any that begin with {integrator.user}.

# consumer.py (pip install confluent-kafka)
{consumer(integrator)}
# or, from a terminal (kcat with a librdkafka newer than Debian 12's 2.0.2, which cannot sign in to Kafka 4):
{kcat(integrator)}"""
