"""Funding's tables. Every key begins with the union; ids are unique within a union."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from chassis.membership import membership_tables
from chassis.migrations import ServiceSchema
from services.funding.store.export import EXPORTED
from services.funding.store.personal import PERSONAL

SCHEMA = ServiceSchema(
    "funding", Path(__file__).parent / "migrations" / "versions", personal=PERSONAL, exported=EXPORTED
)

funding_metadata = MetaData()
unions, memberships = membership_tables(funding_metadata)
Timestamp = DateTime(timezone=True)

projects = Table(
    "projects",
    funding_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("asset_scale", SmallInteger, nullable=False),
    Column("target_minor", BigInteger, nullable=False),
    Column("deadline_at", Timestamp, nullable=False),
    Column("proposed_at", Timestamp, nullable=False),
    Column("pledged_minor", BigInteger, nullable=False, comment="of the pledges in escrow"),
    Column("held_count", Integer, nullable=False, comment="of the pledges in escrow"),
    Column("unanswered_count", Integer, nullable=False, comment="pledges that wait for the ledger"),
    Column("settled_minor", BigInteger),
    Column("settled_at", Timestamp),
    Column("refusal", Text),
    Column("run_id", Uuid, comment="the ledger run that refunds the pledges"),
    PrimaryKeyConstraint("union_id", "project_id"),
    CheckConstraint("target_minor > 0", name="projects_target_positive"),
    CheckConstraint("pledged_minor >= 0 AND held_count >= 0 AND unanswered_count >= 0", name="projects_sums"),
    Index("projects_by_state", "union_id", "state", "project_id"),
    Index("projects_by_owner", "union_id", "owner_id", "project_id"),
    Index("projects_by_settlement", "union_id", "settled_at", "state", "settled_minor"),
    Index("projects_by_run", "union_id", "run_id", unique=True, postgresql_where=text("run_id IS NOT NULL")),
)

pledges = Table(
    "pledges",
    funding_metadata,
    Column("union_id", Uuid, nullable=False),
    Column("pledge_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("backer_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("asset", Text, nullable=False),
    Column("asset_scale", SmallInteger, nullable=False),
    Column("pledged_minor", BigInteger, nullable=False),
    Column("pledged_at", Timestamp, nullable=False),
    Column("answered_at", Timestamp),
    Column("refusal", Text),
    PrimaryKeyConstraint("union_id", "pledge_id"),
    ForeignKeyConstraint(["union_id", "project_id"], ["projects.union_id", "projects.project_id"]),
    CheckConstraint("pledged_minor > 0", name="pledges_positive"),
    Index("pledges_by_project", "union_id", "project_id", "pledge_id"),
    Index("pledges_by_backer", "union_id", "backer_id", "pledge_id"),
)
