"""What each service declares of its database."""

import importlib
from threading import Thread

from chassis.migrations import ServiceSchema
from guildhall.postgres.roles import SERVICES


def schema_of(service: str) -> ServiceSchema:
    """The declaration of the service's app."""
    schema: ServiceSchema = importlib.import_module(f"services.{service}.app").SCHEMA
    return schema


def read_ahead() -> None:
    """The services' modules are read beside what the caller waits for: a server that starts, an answer."""
    Thread(target=lambda: [schema_of(service) for service in SERVICES], name="modules", daemon=True).start()
