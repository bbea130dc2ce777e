"""Lists of people with personal links, applications, vouches."""

from alembic import op

revision = "0014"
down_revision = "0009"
branch_labels = None
depends_on = None

LISTS = """
ALTER TABLE invitations ADD COLUMN list_id UUID;
DROP INDEX invitations_of_member;
CREATE INDEX invitations_of_member ON invitations (union_id, invited_by, expires_at) WHERE list_id IS NULL;
CREATE TABLE invitation_lists (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    made_by UUID NOT NULL,
    by_founder BOOLEAN NOT NULL,
    format TEXT NOT NULL,
    language TEXT NOT NULL,
    sends_email BOOLEAN NOT NULL,
    rows_max INTEGER NOT NULL,
    made_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    mail_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (made_by) REFERENCES members (id)
);
CREATE TABLE invitation_list_refusals (
    union_id UUID NOT NULL,
    list_id UUID NOT NULL,
    line INTEGER NOT NULL,
    ground TEXT NOT NULL,
    PRIMARY KEY (union_id, list_id, line),
    FOREIGN KEY (union_id, list_id) REFERENCES invitation_lists (union_id, id)
);
CREATE TABLE invitees (
    union_id UUID NOT NULL,
    invitation_id UUID NOT NULL,
    list_id UUID NOT NULL,
    line INTEGER NOT NULL,
    row_key BYTEA,
    name TEXT,
    email TEXT,
    forget_at TIMESTAMP WITH TIME ZONE,
    mail_due_at TIMESTAMP WITH TIME ZONE,
    leased_until TIMESTAMP WITH TIME ZONE,
    mail_failures_count SMALLINT NOT NULL DEFAULT 0,
    mail_fault TEXT,
    mailed_at TIMESTAMP WITH TIME ZONE,
    opened_at TIMESTAMP WITH TIME ZONE,
    joined_at TIMESTAMP WITH TIME ZONE,
    member_id UUID,
    PRIMARY KEY (union_id, invitation_id),
    CONSTRAINT invitees_by_line UNIQUE (union_id, list_id, line),
    FOREIGN KEY (union_id, invitation_id) REFERENCES invitations (union_id, id),
    FOREIGN KEY (union_id, list_id) REFERENCES invitation_lists (union_id, id),
    FOREIGN KEY (member_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX invitees_once ON invitees (union_id, row_key) WHERE row_key IS NOT NULL;
CREATE INDEX invitees_due ON invitees (mail_due_at) WHERE mail_due_at IS NOT NULL;
CREATE INDEX invitees_to_forget ON invitees (forget_at) WHERE forget_at IS NOT NULL;
CREATE TABLE email_stops (
    person_key BYTEA PRIMARY KEY,
    stopped_at TIMESTAMP WITH TIME ZONE NOT NULL
)
"""


def upgrade() -> None:
    for statement in LISTS.split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who was invited by a list could not be told from others: restore a backup instead")
