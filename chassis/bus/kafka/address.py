"""The address of a Kafka cluster as one URL: `kafka://user:password@host:port[,host:port]?security=...`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "guildhall"
MECHANISM = "SCRAM-SHA-512"
_PROTOCOLS = {"plaintext": "PLAINTEXT", "sasl_plaintext": "SASL_PLAINTEXT", "sasl_ssl": "SASL_SSL"}
_QUERY = frozenset({"security", "ca", "prefix"})


class KafkaAddressWrong(ValueError):
    """The URL names no cluster. The text never repeats it: it has a password."""


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """Where the brokers are, as whom, and what all topics and groups begin with.

    `ca` is a PEM file of those who may vouch for the brokers; without it the system's are asked.
    """

    bootstrap: tuple[str, ...]
    security: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    prefix: str = PREFIX

    @classmethod
    def read(cls, url: str) -> KafkaAddress:
        """Raises KafkaAddressWrong. Without a user the security is `plaintext`, else `sasl_plaintext`."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(query.keys() - _QUERY):
            raise KafkaAddressWrong(f"the bus' address has {unknown[0]}=, which means nothing there")
        credentials, _, hosts = parts.netloc.rpartition("@")
        user, _, password = credentials.partition(":")
        address = cls(
            bootstrap=tuple(host for host in hosts.split(",") if host),
            security=query.get("security", "sasl_plaintext" if user else "plaintext"),
            user=unquote(user) or None,
            password=unquote(password) or None,
            ca=Path(query["ca"]) if query.get("ca") else None,
            prefix=query.get("prefix") or PREFIX,
        )
        address._check(parts.path)
        return address

    def _check(self, path: str) -> None:
        if path not in {"", "/"}:
            raise KafkaAddressWrong("the bus' address has a path, which means nothing there")
        if not self.bootstrap:
            raise KafkaAddressWrong("the bus' address names no broker: kafka://user:password@host:9092")
        for host in self.bootstrap:
            name, _, port = host.rpartition(":")
            if not name or not port.isdigit() or not 0 < int(port) < 65_536:
                raise KafkaAddressWrong("the bus' address names a broker without its port: host:9092")
        if self.security not in _PROTOCOLS:
            raise KafkaAddressWrong(f"the bus' security is one of {', '.join(sorted(_PROTOCOLS))}")
        if (self.security == "plaintext") != (self.user is None):
            raise KafkaAddressWrong("the bus' address has a user if and only if its security is of SASL")
        if self.user is not None and self.password is None:
            raise KafkaAddressWrong("the bus' address has a user without a password")

    def as_user(self, user: str, password: str) -> KafkaAddress:
        """The same cluster for somebody else."""
        return replace(self, user=user, password=password)

    def aiokafka(self) -> Mapping[str, Any]:
        """Arguments of aiokafka's clients."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap),
            "security_protocol": _PROTOCOLS[self.security],
        }
        if self.user is not None:
            arguments |= {
                "sasl_mechanism": MECHANISM,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        if self.security == "sasl_ssl":
            from aiokafka.helpers import create_ssl_context

            arguments["ssl_context"] = create_ssl_context(cafile=None if self.ca is None else str(self.ca))
        return arguments

    def librdkafka(self) -> Mapping[str, str]:
        """The same in the words of confluent-kafka's clients."""
        settings = {
            "bootstrap.servers": ",".join(self.bootstrap),
            "security.protocol": _PROTOCOLS[self.security],
        }
        if self.user is not None and self.password is not None:
            settings |= {
                "sasl.mechanism": MECHANISM,
                "sasl.username": self.user,
                "sasl.password": self.password,
            }
        if self.security == "sasl_ssl" and self.ca is not None:
            settings["ssl.ca.location"] = str(self.ca)
        return settings
