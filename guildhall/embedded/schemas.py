"""What each service declares of its database."""

import importlib

from chassis.migrations import ServiceSchema


def schema_of(service: str) -> ServiceSchema:
    """The declaration of the service's app."""
    schema: ServiceSchema = importlib.import_module(f"services.{service}.app").SCHEMA
    return schema
