"""Integrators as the cluster knows them: a SCRAM user each, who may read one topic, in groups of its own."""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from chassis.bus.kafka.address import KafkaAddress, KafkaAddressWrong
from guildhall.embedded.opened import KAFKA_EXTERNAL_FILE, KAFKA_URL_FILE
from guildhall.kafka.access import Right, all_rights_of
from guildhall.kafka.administration import ANSWER_SECONDS, administrator
from guildhall.kafka.provision import SCRAM_ITERATIONS
from guildhall.kafka.settings import KafkaSettings
from guildhall.publisher.topics import make_topic, topic_of
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings

_USER = "integrator-"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Integrator:
    """One who was just made: what to tell them. `bootstrap` is `host:port[,host:port]`."""

    user: str
    password: str = field(repr=False)
    topic: str
    bootstrap: str
    security: str


class Integrators:
    """Those of one cluster; `bootstrap`: where they reach it."""

    def __init__(self, operator: KafkaAddress, bootstrap: str, kept_days: int) -> None:
        self._prefix = operator.prefix
        self._security = operator.security
        self._bootstrap = bootstrap
        self._kept_days = kept_days
        self._client = administrator(operator)

    def add(self, name: str, union_id: UUID) -> Integrator:
        """Raises StartRefused."""
        user, topic = _user(name), topic_of(self._prefix, union_id)
        made = Integrator(user, secrets.token_urlsafe(24), topic, self._bootstrap, self._security)
        _answered(lambda: self._make(name, made))
        return made

    def all(self) -> Mapping[str, list[str]]:
        """By name, the topics that each may read. Raises StartRefused."""
        return _answered(
            lambda: {
                user.removeprefix(_USER): sorted(
                    right.name for right in self._rights(user) if right.resource == "TOPIC"
                )
                for user in sorted(self._users())
            }
        )

    def remove(self, name: str) -> None:
        """Rights first: who is connected stays so, and may nothing more. Raises StartRefused."""
        _answered(lambda: self._take_away(name))

    def _make(self, name: str, made: Integrator) -> None:
        if made.user in self._users():
            raise StartRefused(f"there is an integrator {name}: choose another name, or remove it first")
        self._forget_rights(made.user)  # of an `add` that was cut short
        make_topic(self._client, made.topic, self._kept_days)
        rights = (
            Right(made.user, "READ", "TOPIC", made.topic),  # to read includes to describe
            Right(made.user, "READ", "GROUP", made.user),
            Right(made.user, "READ", "GROUP", f"{made.user}.", prefixed=True),
        )
        bindings = [right.binding() for right in rights]
        _await(self._client.create_acls(bindings, request_timeout=ANSWER_SECONDS).values())
        how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS)
        self._alter(UserScramCredentialUpsertion(made.user, how, made.password.encode()))

    def _take_away(self, name: str) -> None:
        user = _user(name)
        if user not in self._users() and not self._rights(user):
            raise StartRefused(f"there is no integrator {name}: guildhall integrator list")
        self._forget_rights(user)
        if user in self._users():
            self._alter(UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512))

    def _alter(self, alteration: Any) -> None:
        altered = self._client.alter_user_scram_credentials([alteration], request_timeout=ANSWER_SECONDS)
        _await(altered.values())

    def _users(self) -> set[str]:
        asked: Any = self._client.describe_user_scram_credentials(request_timeout=ANSWER_SECONDS)
        return {user for user in asked.result(2 * ANSWER_SECONDS) if user.startswith(_USER)}

    def _rights(self, user: str) -> list[Right]:
        asked = self._client.describe_acls(all_rights_of(user), request_timeout=ANSWER_SECONDS)
        return [Right.of(binding) for binding in asked.result()]

    def _forget_rights(self, user: str) -> None:
        filters = [right.only() for right in self._rights(user)]
        if filters:
            _await(self._client.delete_acls(filters, request_timeout=ANSWER_SECONDS).values())


def integrators_of(settings: GuildhallSettings) -> Integrators:
    """Of KAFKA_BOOTSTRAP, else of the cluster whose secrets are in the data folder. Raises StartRefused."""
    kafka = read_settings(KafkaSettings, ENVIRONMENT_FILE)
    if kafka.bootstrap is not None:
        url = kafka.bootstrap.get_secret_value()
    else:
        url = _read(settings.folder / KAFKA_URL_FILE)
    if url is None:
        raise StartRefused(
            f"{settings.folder} has no Kafka: name a cluster's folder with --data DIR, or set "
            "KAFKA_BOOTSTRAP; without Kafka, events are at /v1/events"
        )
    try:
        operator = KafkaAddress.read(url)
    except KafkaAddressWrong as error:
        raise StartRefused(f"KAFKA_BOOTSTRAP: {error}") from None
    told = kafka.external_bootstrap or _read(settings.folder / KAFKA_EXTERNAL_FILE)
    return Integrators(operator, told or ",".join(operator.bootstrap), kafka.public_kept_days)


def _read(file: Path) -> str | None:
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StartRefused(f"{file} cannot be read: {error}") from None


def _user(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise StartRefused(f"{name[:60]!r} is no name: 1 to 48 lower-case letters, digits and dashes")
    return f"{_USER}{name}"


def _answered(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except KafkaException as error:
        reason = error.args[0].str() if error.args and isinstance(error.args[0], KafkaError) else str(error)
        raise StartRefused(f"Kafka does not do it: {reason}") from None


def _await(futures: Iterable[Any]) -> None:
    for future in futures:
        future.result(timeout=2 * ANSWER_SECONDS)
