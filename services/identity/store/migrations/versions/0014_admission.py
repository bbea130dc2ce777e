"""Lists of people with personal links, applications, vouches."""

from alembic import op

revision = "0014"
down_revision = "0013"
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
);
"""
WAYS = """CREATE TABLE admission_questions (
    union_id UUID PRIMARY KEY,
    questions JSONB NOT NULL,
    set_by UUID NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (set_by) REFERENCES members (id)
);
CREATE TABLE applications (
    union_id UUID NOT NULL,
    id UUID NOT NULL,
    applicant_id UUID NOT NULL,
    state TEXT NOT NULL,
    answers JSONB,
    charter_version INTEGER NOT NULL,
    charter_hash TEXT NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    ground TEXT,
    appeal TEXT,
    appealed_at TIMESTAMP WITH TIME ZONE,
    waiting_since TIMESTAMP WITH TIME ZONE,
    joined_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, id),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (applicant_id) REFERENCES members (id),
    FOREIGN KEY (decided_by) REFERENCES members (id)
);
CREATE UNIQUE INDEX applications_one_open ON applications (union_id, applicant_id)
    WHERE state IN ('applied', 'waiting') OR state = 'admitted' AND joined_at IS NULL;
CREATE INDEX applications_of_applicant ON applications (union_id, applicant_id, id);
CREATE INDEX applications_by_state ON applications (union_id, state, id);
CREATE INDEX applications_waiting ON applications (union_id, waiting_since, id) WHERE state = 'waiting';
CREATE INDEX applications_to_forget ON applications (decided_at) WHERE answers IS NOT NULL;
CREATE TABLE admission_days (
    union_id UUID NOT NULL,
    day DATE NOT NULL,
    admitted_count INTEGER NOT NULL,
    PRIMARY KEY (union_id, day),
    FOREIGN KEY (union_id) REFERENCES unions (id)
);
CREATE TABLE vouches (
    union_id UUID NOT NULL,
    vouched_id UUID NOT NULL,
    voucher_id UUID NOT NULL,
    vouched_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    joined_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (union_id, vouched_id, voucher_id, vouched_at),
    FOREIGN KEY (union_id) REFERENCES unions (id),
    FOREIGN KEY (vouched_id) REFERENCES members (id),
    FOREIGN KEY (voucher_id) REFERENCES members (id)
);
CREATE UNIQUE INDEX vouches_open_once ON vouches (union_id, vouched_id, voucher_id)
    WHERE withdrawn_at IS NULL AND joined_at IS NULL;
CREATE INDEX vouches_of_voucher ON vouches (union_id, voucher_id, vouched_at, vouched_id)
"""


def upgrade() -> None:
    for statement in (LISTS + WAYS).split(";"):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("who was invited by a list could not be told from others: restore a backup instead")
