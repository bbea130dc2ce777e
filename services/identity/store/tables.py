"""The tables of identity. `SCHEMA` says which are append-only."""

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chassis.files.tables import file_tables
from chassis.migrations import ServiceSchema
from services.identity.admission.store.tables import admission_tables
from services.identity.businesses.store.tables import business_tables
from services.identity.deletion.store.tables import deletion_tables
from services.identity.exclusion.store.tables import exclusion_tables
from services.identity.notices.store.tables import notice_tables
from services.identity.offices.store.tables import office_tables
from services.identity.operators.store.tables import OPERATOR_TABLES, operator_tables
from services.identity.recovery.store.tables import recovery_tables
from services.identity.store.acceptance_tables import acceptance_tables
from services.identity.store.personal import PERSONAL
from services.identity.succession.store.tables import succession_tables
from services.identity.webhooks.store.tables import webhook_tables

identity_metadata = MetaData()
Timestamp = DateTime(timezone=True)

SCHEMA = ServiceSchema(
    service="identity",
    versions=Path(__file__).parent / "migrations" / "versions",
    append_only_tables=(
        "charters",
        "charter_acceptances",
        "handles",
        "handle_looks",
        "device_certificates",
        "encryption_keys",
        "recovery_votes",
        "office_versions",
        "successions",
        "business_share_changes",
        "business_approvals",
        *OPERATOR_TABLES,
    ),
    personal=PERSONAL,
)

members = Table(
    "members",
    identity_metadata,
    Column("id", Uuid, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("bio", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="counts the edits; the profile's ETag"),
    Column("created_at", Timestamp, nullable=False),
    Column("locked_by", Uuid, comment="the recovery that waits: nobody signs in meanwhile"),
    Column("erasing_since", Timestamp, comment="from then on nobody signs in, finds them or tells them"),
    Column("links", ARRAY(Text), nullable=False, server_default=text("'{}'"), comment="https, few"),
    Column("avatar", LargeBinary, comment="SHA-256 of the picture as it was sent; see files"),
    Column(
        "privacy",
        JSONB,
        nullable=False,
        server_default=text("'{}'"),
        comment="by part of the profile who sees it; of the others the default holds",
    ),
)

member_skills = Table(
    "member_skills",
    identity_metadata,
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("skill", Text, nullable=False, comment="a slug of domain/skills.py"),
    PrimaryKeyConstraint("member_id", "skill"),
    Index("member_skills_by_skill", "skill", "member_id"),
)

encryption_keys = Table(
    "encryption_keys",
    identity_metadata,
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("public_key", LargeBinary, comment="X25519; NULL: from here on the member has none"),
    Column("device_key_id", Text, nullable=False, comment="with the nonce: the signed act that says so"),
    Column("nonce", Text, nullable=False),
    Column("set_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("member_id", "version"),
)

handles = Table(
    "handles",
    identity_metadata,
    Column("handle", Text, primary_key=True, comment="present and former: never given to another member"),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("taken_at", Timestamp, nullable=False),
)

handle_looks = Table(
    "handle_looks",
    identity_metadata,
    Column(
        "look", Text, primary_key=True, comment="see domain/look_alike.py: one member has all that look so"
    ),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("recorded_at", Timestamp, nullable=False),
    Index("handle_looks_of_member", "member_id"),
)

member_keys = Table(
    "member_keys",
    identity_metadata,
    Column("kind", Text, nullable=False, comment="wallet, passkey"),
    Column(
        "identifier",
        Text,
        nullable=False,
        comment="a wallet's address in lower case; a passkey's credential id",
    ),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("added_at", Timestamp, nullable=False),
    Column(
        "name",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="what the member calls a wallet; a passkey's stands with it",
    ),
    Column("removed_at", Timestamp, comment="it signs in until then; in the future where its removal waits"),
    PrimaryKeyConstraint("kind", "identifier"),
    Index("member_keys_of_member", "member_id"),
)

passkeys = Table(
    "passkeys",
    identity_metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("credential_id", Text, nullable=False, comment="base64url; in member_keys, too"),
    Column("public_key", LargeBinary, nullable=False, comment="COSE (RFC 9053)"),
    Column("user_handle", LargeBinary, nullable=False, comment="by which the passkey knows its member"),
    Column("sign_count", BigInteger, nullable=False, comment="the last one seen; 0 where none is counted"),
    Column("backed_up", Boolean, nullable=False, comment="kept on more than one device"),
    Column("name", Text, nullable=False),
    Column("added_at", Timestamp, nullable=False),
    Column("used_at", Timestamp, nullable=False),
    Column("removed_at", Timestamp, comment="of the release before, which alone writes it: see member_keys"),
    UniqueConstraint("credential_id", name="passkeys_once"),
    Index("passkeys_of_member", "member_id", "id"),
)

device_keys = Table(
    "device_keys",
    identity_metadata,
    Column("id", Text, primary_key=True, comment="RFC 7638 thumbprint"),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="ed25519"),
    Column("public_key", LargeBinary, nullable=False),
    Column("certified_at", Timestamp, nullable=False),
    Column("revoked_at", Timestamp),
    Column("name", Text, nullable=False, server_default=text("''"), comment="what its member calls it"),
    Index("device_keys_of_member", "member_id"),
)

device_certificates = Table(
    "device_certificates",
    identity_metadata,
    Column("device_key_id", Text, ForeignKey("device_keys.id"), nullable=False),
    Column("session_id", Uuid, nullable=False, comment="the session that this sign-in began"),
    Column("issuer_kind", Text, nullable=False, comment="kind of the member's key that certifies"),
    Column(
        "issuer", Text, nullable=False, comment="a wallet's checksummed address; a passkey's credential id"
    ),
    Column("message", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("certified_at", Timestamp, nullable=False),
    PrimaryKeyConstraint("device_key_id", "session_id"),
)

nonces = Table(
    "nonces",
    identity_metadata,
    Column("nonce", Text, primary_key=True),
    Column("browser_hash", LargeBinary, nullable=False, comment="SHA-256 of the cookie that came with it"),
    Column("expires_at", Timestamp, nullable=False),
    Index("nonces_by_expiry", "expires_at"),
)

sessions = Table(
    "sessions",
    identity_metadata,
    Column("id", Uuid, primary_key=True),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("device_key_id", Text, ForeignKey("device_keys.id"), nullable=False),
    Column("refresh_salt", LargeBinary, nullable=False),
    Column("newest_generation", Integer, nullable=False),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Column("ended_at", Timestamp),
    Column(
        "ended_because",
        Text,
        comment="signed_out, ended_elsewhere, refresh_reused, device_revoked, account_locked, recovered, "
        "deleted, operator_locked",
    ),
    Index("sessions_of_member", "member_id"),
    Index("sessions_by_expiry", "expires_at"),
)

refresh_tokens = Table(
    "refresh_tokens",
    identity_metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("rotated_at", Timestamp),
    Index("refresh_tokens_of_session", "session_id"),
)

address_windows = Table(
    "address_windows",
    identity_metadata,
    Column("address", Text, nullable=False),
    Column("started_at", Timestamp, nullable=False),
    Column("requests_count", Integer, nullable=False),
    PrimaryKeyConstraint("address", "started_at"),
    Index("address_windows_by_start", "started_at"),
)

unions = Table(
    "unions",
    identity_metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_folded", Text, nullable=False, comment="the name as the directory sorts and searches it"),
    Column("state", Text, nullable=False),
    Column("founder_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column(
        "head_id", Uuid, ForeignKey("members.id"), comment="who holds the founder's office; NULL: the founder"
    ),
    Column("version", Integer, nullable=False),
    Column("charter_version", Integer, nullable=False),
    Column("charter_hash", Text, nullable=False),
    Column("founded_at", Timestamp, nullable=False),
    Index("unions_by_name", "name_folded", "id"),
    Index("unions_of_founder", "founder_id"),
)

charters = Table(
    "charters",
    identity_metadata,
    Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("document", JSONB, nullable=False, comment="what is hashed: purpose, values, bylaws, parameters"),
    Column("author_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("allowed_by", Text, nullable=False, comment="founding, founders_free_time"),
    Column("adopted_at", Timestamp, nullable=False),
    Column(
        "material", Boolean, nullable=False, server_default=text("false"), comment="members are asked anew"
    ),
    Column("grace_ends_at", Timestamp, comment="of a material one: until then members accept it"),
    Column("by_silence", Text, comment="of a material one: accepts, suspends, leaves"),
    PrimaryKeyConstraint("union_id", "version"),
    Index("charters_asking", "union_id", "version", postgresql_where=text("material")),
)

invitations = Table(
    "invitations",
    identity_metadata,
    Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
    Column("id", Uuid, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    Column("invited_by", Uuid, ForeignKey("members.id"), nullable=False),
    Column("by_founder", Boolean, nullable=False),
    Column("uses_max", Integer, nullable=False),
    Column("uses_count", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Timestamp, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Column("list_id", Uuid, comment="of a personal link: the list that it was made by"),
    PrimaryKeyConstraint("union_id", "id"),
    UniqueConstraint("union_id", "code_hash", name="invitations_code"),
    Index(
        "invitations_of_member",
        "union_id",
        "invited_by",
        "expires_at",
        postgresql_where=text("list_id IS NULL"),
    ),
)

memberships = Table(
    "memberships",
    identity_metadata,
    Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
    Column("member_id", Uuid, ForeignKey("members.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("charter_version", Integer, nullable=False),
    Column("by_founder_invitation", Boolean, nullable=False),
    Column("invitation_id", Uuid),
    Column("first_joined_at", Timestamp, nullable=False),
    Column("joined_at", Timestamp, nullable=False),
    Column("changed_at", Timestamp, nullable=False),
    Column("silent_since", Timestamp, comment="suspended then for silence about a material charter"),
    PrimaryKeyConstraint("union_id", "member_id"),
    ForeignKeyConstraint(["union_id", "invitation_id"], ["invitations.union_id", "invitations.id"]),
    Index(
        "memberships_by_joining",
        "union_id",
        "joined_at",
        "member_id",
        postgresql_where=text("state = 'active'"),
    ),
    Index("memberships_of_member", "member_id", "union_id"),
)

member_counts = Table(
    "member_counts",
    identity_metadata,
    Column("union_id", Uuid, ForeignKey("unions.id"), nullable=False),
    Column("shard", SmallInteger, nullable=False, comment="of the member's id: no row is hot"),
    Column("active_members", BigInteger, nullable=False),
    PrimaryKeyConstraint("union_id", "shard"),
)

revocations = Table(
    "revocations",
    identity_metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="without a gap"),
    Column("kind", Text, nullable=False, comment="session, device_key, membership, rights"),
    Column("subject", Text, nullable=False, comment="id of the session, the device key or the union"),
    Column("member_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False, comment="of a membership: the one that ended it; else 0"),
    Column("state", Text, nullable=False, comment="of a membership: left, suspended, expelled; else ''"),
    Column("recorded_at", Timestamp, nullable=False),
    Index("revocations_by_time", "recorded_at"),
)

revocation_head = Table(
    "revocation_head",
    identity_metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one head"),
    Column("number", BigInteger, nullable=False, comment="of the newest revocation"),
)

stream_tickets = Table(
    "stream_tickets",
    identity_metadata,
    Column("ticket_hash", LargeBinary, primary_key=True, comment="SHA-256"),
    Column("session_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("device_key_id", Text, nullable=False),
    Column("expires_at", Timestamp, nullable=False),
    Index("stream_tickets_by_expiry", "expires_at"),
)

attempt_windows = Table(
    "attempt_windows",
    identity_metadata,
    Column("kind", Text, nullable=False, comment="see domain/attempt_limit.py"),
    Column("subject", Text, nullable=False, comment="a wallet, a member's id, or an address"),
    Column("started_at", Timestamp, nullable=False),
    Column("attempts_count", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "subject", "started_at"),
    Index("attempt_windows_by_start", "started_at"),
)

exclusion_tables(identity_metadata)
succession_tables(identity_metadata)
operator_tables(identity_metadata)
acceptance_tables(identity_metadata)
file_tables(identity_metadata)
admission_tables(identity_metadata)
business_tables(identity_metadata)
deletion_tables(identity_metadata)
notice_tables(identity_metadata)
office_tables(identity_metadata)
recovery_tables(identity_metadata)
webhook_tables(identity_metadata)
